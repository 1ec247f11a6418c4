#include "conformance/command/demo_command.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>

#include "conformance/adapters/php/child_process.h"
#include "conformance/adapters/php/command.h"
#include "conformance/command/exit_status.h"
#include "conformance/command/output.h"
#include "conformance/reports/json_report.h"
#include "conformance/runner/temporary_folder.h"
#include "support/error.h"

namespace assay::conformance {
namespace {

namespace fs = std::filesystem;

// What is wrong with a store, and the test that has to find it: named beforehand.
struct Way {
  const char* name;
  const char* what;
  const char* test;
};
constexpr Way kRight = {"right", "nothing is wrong with it", "ST-KEY-*"};
constexpr Way kWays[] = {
    {"lost-write", "what another worker has stored is never replaced", "ST-SET-04/last-writer"},
    {"torn-values", "a value is replaced in two halves", "ST-SET-03/whole-reads"},
    {"kept-lock", "the lock of a killed worker is never taken away", "GU-LIV-01/crash-set-new"},
    {"no-ttl", "whatever is stored stays", "ST-TTL-04/last-second"},
    {"two-states", "the keys of a list are looked up one by one", "ST-GET-10/list-read"},
    {"leak", "the memory of what is deleted is never used again", "ST-FUL-08/deleted-memory"},
};

// The suite ends each of its tests itself.
constexpr std::chrono::minutes kLimit{10};

fs::path program_file() {
  std::error_code code;
  return fs::read_symlink("/proc/self/exe", code);
}

Expected<fs::path> examples_folder() {
  if (const char* named = std::getenv("ASSAY_EXAMPLES"); named && *named) return fs::path(named);
  std::error_code code;
  const fs::path program = program_file().parent_path();
  for (const char* place : {"../share/assay/examples", "../../../examples"}) {
    const fs::path folder = (program / place).lexically_normal();
    if (fs::is_directory(folder / "adapters", code)) return folder;
  }
  return failure(
      fmt::format("the examples are neither in ../share/assay nor in the checkout of {}; name their folder with "
                  "ASSAY_EXAMPLES=/path/to/examples",
                  program.string()));
}

// The text of --target for a store in a form; an error says what is not there.
Expected<std::string> target_of(const std::string& form, const std::string& way) {
  const bool is_right = way == kRight.name;
  if (form == "process") {
    const fs::path folder = ASSAY_TRY(examples_folder()) / "adapters/python";
    return is_right ? fmt::format("process:command=python3 '{}/store.py'", folder.string())
                    : fmt::format("process:command=python3 '{}/wrong_store.py' {}", folder.string(), way);
  }
  std::error_code code;
  const fs::path program = program_file().parent_path();
  const std::string name = is_right ? "store.so" : fmt::format("store-{}.so", way);
  for (const char* place : {"../lib/assay/examples", "../lib/examples"}) {
    const fs::path file = (program / place / name).lexically_normal();
    if (fs::exists(file, code)) return "plugin:library=" + file.string();
  }
  return failure(fmt::format("{} is not built; build the target assay_examples", name));
}

// Whether the tests of a report, but for what was skipped, have that verdict. The exit status would not tell: not each
// clause is a must.
bool is_verdict(const std::string& file, Verdict verdict) {
  const auto saved = read_report(file);
  if (!saved) return false;
  int judged = 0;
  for (const TestResult& result : saved->report.results) {
    if (result.verdict == Verdict::skip) continue;
    if (result.verdict != verdict) return false;
    ++judged;
  }
  return judged > 0;
}

// Whether the store was judged as it has to be; says so.
bool show(const std::string& form, const Way& way, const fs::path& report_folder) {
  const bool is_right = way.name == std::string_view(kRight.name);
  const auto target = target_of(form, way.name);
  if (!target) {
    say("{:<8} {:<12} not run: {}\n", form, way.name, target.error().message);
    return false;
  }
  const std::string program = program_file().string();
  const std::string file = (report_folder / "report.json").string();
  const auto began = std::chrono::steady_clock::now();
  const auto ran = php::run_command(
      {program, "run", "--target", *target, "--filter", way.test, "--seed", "1", "--json", file, "--failures", ""},
      php::plain_environment(), kLimit);
  if (!ran) {
    complain(ran.error().message());
    return false;
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  const bool is_as_named = is_verdict(file, is_right ? Verdict::pass : Verdict::fail);
  const char* word = !is_as_named ? "NOT AS NAMED" : is_right ? "conforms" : "caught";
  say("{:<8} {:<12} {:<13} {:<26} {:5.1f} s  {}\n", form, way.name, word, way.test, took.count(), way.what);
  if (!is_as_named) say("{}", ran->text);
  flush_output();
  return is_as_named;
}

}  // namespace

int demo(const DemoCommand& command) {
  std::vector<Way> ways = {kRight};
  ways.insert(ways.end(), std::begin(kWays), std::end(kWays));
  for (const std::string& name : command.ways) {
    if (std::any_of(ways.begin(), ways.end(), [&](const Way& way) { return way.name == name; })) continue;
    std::vector<std::string> names;
    for (const Way& way : ways) names.emplace_back(way.name);
    complain(fmt::format("demo: there is no store \"{}\"; stores are {}", name, fmt::join(names, ", ")));
    return exit_wrong_use;
  }
  const auto folder = TemporaryFolder::create();
  if (!folder) {
    complain(folder.error().message);
    return exit_suite_broke;
  }
  bool all = true;
  for (const char* form : {"process", "plugin"}) {
    if (!command.form.empty() && command.form != form) continue;
    for (const Way& way : ways) {
      const auto& only = command.ways;
      if (only.empty() || std::find(only.begin(), only.end(), way.name) != only.end())
        all = show(form, way, folder->path()) && all;
    }
  }
  return all ? exit_conforms : exit_violates;
}

}  // namespace assay::conformance
