#include "conformance/execution/call_deaths.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "conformance/execution/crash_explorer.h"

namespace assay::conformance {
namespace {

// So many of 0 to `all`, evenly spread, the first and the last among them.
std::vector<std::size_t> spread(std::size_t all, std::size_t most) {
  std::vector<std::size_t> chosen;
  const std::size_t count = most == 0 ? all + 1 : std::min(std::max<std::size_t>(most, 2), all + 1);
  for (std::size_t i = 0; i < count; ++i) chosen.push_back(count == 1 ? 0 : i * all / (count - 1));
  return chosen;
}

// Deaths that break the same clauses.
struct LikeDeaths {
  std::string what;
  std::vector<std::string> places;
};

std::string broken_clauses(const TestResult& result) {
  std::vector<std::string> clauses;
  for (const auto& [clause, verdict] : result.clauses) {
    if (verdict == Verdict::fail) clauses.push_back(clause);
  }
  return fmt::format("{}", fmt::join(clauses, " "));
}

}  // namespace

TestResult CallDeaths::explore(const Trace& pattern) {
  const Trace whole = crash_at(pattern, std::nullopt, 0, "", "call");
  const Execution counted = executor_.run(whole);
  TestResult result = result_of(counted, whole);
  if (!counted.crashes || counted.verdict == Verdict::error) return result;
  const CrashSurvey& survey = *counted.crashes;
  const auto states = spread(survey.stores, most_);
  std::map<std::string, LikeDeaths> outcomes;
  const auto began = std::chrono::steady_clock::now();
  for (const std::size_t state : states) {
    const Trace trace = crash_at(pattern, state, survey.stores, "", "call");
    const Execution execution = executor_.run(trace);
    TestResult one = result_of(execution, trace);
    one.evidence += result.evidence;
    result.evidence = one.evidence;
    if (one.verdict == Verdict::pass) continue;
    if (one.verdict != Verdict::fail) {
      if (result.verdict == Verdict::pass) result = one;
      if (one.verdict == Verdict::error) return one;
      continue;
    }
    const auto name = survey.prefix_names.find(state);
    const bool first = outcomes.empty();
    LikeDeaths& outcome = outcomes[broken_clauses(one)];
    if (outcome.places.empty()) outcome.what = execution.reason;
    outcome.places.push_back(
        fmt::format("{} ({})", state, name == survey.prefix_names.end() ? "the end" : name->second));
    for (const auto& [clause, verdict] : one.clauses) {
      if (verdict == Verdict::fail) result.clauses[clause] = Verdict::fail;
    }
    result.verdict = Verdict::fail;
    if (!first) continue;
    result.failing_trace = one.failing_trace;
    result.details = one.details;
  }
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - began;
  std::string table = fmt::format("{} system calls, {} deaths judged, {:.0f} ms a death\n", survey.stores,
                                  states.size(), took.count() / static_cast<double>(states.size()));
  std::size_t failing = 0;
  for (const auto& [clauses, outcome] : outcomes) {
    failing += outcome.places.size();
    table += fmt::format("  {} deaths break {}: before call {}\n        {}\n", outcome.places.size(), clauses,
                         fmt::join(outcome.places, ", "), outcome.what);
  }
  result.details = table + result.details;
  if (failing > 0) result.reason = fmt::format("{} of {} deaths break a guarantee: {}", failing, states.size(), table);
  return result;
}

}  // namespace assay::conformance
