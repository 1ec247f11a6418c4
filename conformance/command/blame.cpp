#include "conformance/command/blame.h"

#include <fmt/format.h>

#include <algorithm>

#include "conformance/execution/smoke_check.h"

namespace assay::conformance {
namespace {

namespace fs = std::filesystem;

// The verdict of the embedded reference in the same test; skip where it cannot be asked.
Verdict verdict_of_reference(const TestCase& test, RunnerOptions options, const fs::path& folder,
                             const std::function<bool()>& is_interrupted) {
  auto reference = make_target("reference");
  if (!reference) return Verdict::skip;
  options.folder = folder;
  options.jobs = 1;
  Verdict verdict = Verdict::skip;
  const TestCase* const tests[] = {&test};
  run_tests(
      tests, **reference, options, [&](TestResult result) { verdict = result.verdict; }, is_interrupted);
  return verdict;
}

}  // namespace

std::string where_to_look_first(const RunReport& report, Target& target, const RunnerOptions& options,
                                const fs::path& folder, const std::function<bool()>& is_interrupted) {
  const auto failed = std::find_if(report.results.begin(), report.results.end(), [](const TestResult& result) {
    return result.verdict == Verdict::fail || result.verdict == Verdict::error;
  });
  if (failed == report.results.end()) return "";
  const TestCase* test = find_test(failed->test);
  if (!test) return "";
  const fs::path own = folder / "blame";
  std::error_code ignored;
  fs::create_directories(own, ignored);
  const Verdict reference = verdict_of_reference(*test, options, own, is_interrupted);
  int held = 0;
  std::string first;
  const auto stops = [&](const SmokeResult& result) {
    return is_interrupted() || (result.verdict != Verdict::pass && result.verdict != Verdict::skip);
  };
  for (const SmokeResult& result : check_smoke(target, own, stops)) {
    if (result.verdict == Verdict::pass) ++held;
    if (result.verdict != Verdict::pass && result.verdict != Verdict::skip)
      first = fmt::format("\"{}\" ({})", result.what, result.why);
  }
  fs::remove_all(own, ignored);
  if (is_interrupted()) return "";
  const std::string begin = fmt::format("where to look first for {}: ", failed->test);
  if (reference == Verdict::fail)
    return begin + "at the suite: the embedded reference does not pass this test here either; report it";
  if (!first.empty())
    return begin +
           fmt::format("at the adapter: its self-check fails already at {}; other failures may follow from that",
                       first);
  const char* others = reference == Verdict::pass ? ", and the embedded reference passes this test" : "";
  if (held == 0) return begin + "nothing can be said: the target claims too little for a self-check";
  return begin + fmt::format("at the implementation: the adapter's self-check holds ({} checks){}", held, others);
}

}  // namespace assay::conformance
