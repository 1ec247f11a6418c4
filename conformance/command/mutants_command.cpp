#include "conformance/command/mutants_command.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <utility>

#include "conformance/catalogue/catalogue.h"
#include "conformance/command/exit_status.h"
#include "conformance/command/guarded.h"
#include "conformance/command/output.h"
#include "conformance/command/run_command.h"
#include "conformance/command/selection.h"
#include "conformance/mutation/mutant.h"
#include "conformance/reports/expectations.h"
#include "conformance/reports/json_report.h"
#include "conformance/reports/report_file.h"
#include "conformance/vocabulary/input_file.h"

namespace assay::conformance {
namespace fs = std::filesystem;
namespace {

bool wanted(const Mutant& mutant, const MutantsCommand& command) {
  if (!command.filters.empty() &&
      std::none_of(command.filters.begin(), command.filters.end(),
                   [&](const std::string& glob) { return matches_glob(glob, mutant.name); }))
    return false;
  return command.areas.empty() || std::any_of(mutant.clauses.begin(), mutant.clauses.end(), [&](const std::string& id) {
           const Clause* clause = find_clause(id);
           return clause && std::count(command.areas.begin(), command.areas.end(), to_text(clause->area)) > 0;
         });
}

int shell(const std::string& line) {
  const int status = std::system(line.c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::string quoted(const fs::path& path) {
  return "'" + path.string() + "'";
}

// One copy of the project, built once; each mutant is planted in it, built on top, and taken out again.
class MutantBuild {
 public:
  MutantBuild(fs::path source, fs::path folder) : source_(std::move(source)), folder_(std::move(folder)) {}

  Expected<void> prepare() {
    if (!fs::exists(source_ / "reference") || !fs::exists(source_ / "CMakeLists.txt")) {
      return failure(fmt::format("{} is no checkout of the project; name one with --source", source_.string()));
    }
    std::error_code code;
    for (const char* part :
         {"cmake", "conformance", "docs", "faults", "fuzz", "reference", "CMakeLists.txt", "CMakePresets.json"}) {
      fs::copy(source_ / part, copy() / part, fs::copy_options::recursive | fs::copy_options::copy_symlinks, code);
      if (code)
        return failure(
            fmt::format("cannot copy {} to {}: {}", (source_ / part).string(), copy().string(), code.message()));
    }
    // The preset, and the place of the build in the tree, are those of scripts/test: what it compiled need not be
    // compiled again where there is a compiler cache.
    ::setenv("CCACHE_BASEDIR", copy().c_str(), 1);
    const std::string configure =
        fmt::format("cd {} && cmake --preset release > {} 2>&1", quoted(copy()), quoted(log()));
    if (shell(configure) != 0) return broken("the project could not be configured");
    return compile();
  }

  // A catch means something only if the same tests pass without a mutant.
  Expected<void> check_unplanted(const std::string& selection) {
    const auto red = ASSAY_TRY(first_catch(selection));
    if (red) return failure(fmt::format("{} fails without any mutant: nothing can be said about mutants", *red));
    return {};
  }

  Expected<void> plant(const Mutant& mutant) {
    auto text = ASSAY_TRY(read_input_file(copy() / mutant.file));
    auto changed = ASSAY_TRY(planted(mutant, text));
    original_.emplace(copy() / mutant.file, text);
    if (auto written = write_report_file(copy() / mutant.file, changed); !written) return written;
    return compile();
  }

  // Puts back what plant() changed, if it changed anything.
  Expected<void> take_out() {
    if (!original_) return {};
    const auto [file, text] = *std::exchange(original_, std::nullopt);
    return write_report_file(file, text);
  }

  // Runs part of the suite on the reference as it was built last; the first test that fails, also when it runs alone
  // (on a busy machine a time limit can be missed), or nothing. An error says that the suite itself broke.
  Expected<std::optional<std::string>> first_catch(const std::string& selection) {
    const auto failures = ASSAY_TRY(failures_of(selection));
    for (const std::string& test : failures) {
      const auto again = failures_of(fmt::format("--profile standard --filter '{}'", test));
      if (!again) return tl::unexpected(again.error());
      if (!again->empty()) return std::optional(test);
    }
    return std::optional<std::string>();
  }

 private:
  Expected<std::vector<std::string>> failures_of(const std::string& selection) const {
    const fs::path report = folder_ / "report.json";
    std::error_code code;
    fs::remove(report, code);
    shell(fmt::format("{} run {} --failures '' --json {} > /dev/null 2>&1", quoted(build() / "bin" / "assay"),
                      selection, quoted(report)));
    auto saved = read_report(report.string());
    if (!saved) return failure("the suite wrote no report: " + saved.error().message);
    std::vector<std::string> failures;
    for (const TestResult& result : saved->report.results) {
      if (result.verdict == Verdict::fail || result.verdict == Verdict::error) failures.push_back(result.test);
    }
    return failures;
  }

  fs::path copy() const { return folder_ / "source"; }
  fs::path build() const { return copy() / "build" / "release"; }
  fs::path log() const { return folder_ / "build.log"; }

  Expected<void> compile() {
    if (shell(fmt::format("ninja -C {} assay assay_interposer > {} 2>&1", quoted(build()), quoted(log()))) != 0)
      return broken("it could not be built");
    return {};
  }

  tl::unexpected<Error> broken(const std::string& what) const {
    auto text = read_input_file(log());
    const std::string tail = text ? text->substr(text->size() > 2000 ? text->size() - 2000 : 0) : "";
    return failure(fmt::format("{}; the end of the build's log:\n{}", what, tail));
  }

  fs::path source_, folder_;
  std::optional<std::pair<fs::path, std::string>> original_;
};

// What is run on each mutant, one selection after the other until something fails.
class Selections {
 public:
  explicit Selections(const std::vector<std::string>& tests) {
    for (const std::string& glob : tests) tests_ += fmt::format(" --filter '{}'", glob);
  }

  std::string unplanted() const { return tests_.empty() ? "--profile quick" : "--profile standard" + tests_; }

  // The tests of the mutant's own clauses come first: most are caught at once.
  std::vector<std::string> of(const Mutant& mutant) const {
    if (!tests_.empty()) return {"--profile standard" + tests_};
    const std::string own = fmt::format("--clause {}", fmt::join(mutant.clauses, ","));
    return {own, "--profile standard " + own, "--profile quick", "--profile standard"};
  }

 private:
  std::string tests_;
};

Expected<std::optional<std::string>> caught_by(MutantBuild& workshop, const std::vector<std::string>& selections) {
  Expected<std::optional<std::string>> test;
  for (const std::string& selection : selections) {
    test = workshop.first_catch(selection);
    if (!test || *test) break;
  }
  return test;
}

int run_all(const std::vector<const Mutant*>& mutants, const Selections& selections, const fs::path& source,
            const fs::path& folder) {
  MutantBuild workshop(source, folder);
  fs::create_directories(folder / "source");
  if (auto prepared = workshop.prepare(); !prepared) {
    complain(prepared.error().message);
    return exit_suite_broke;
  }
  if (auto green = workshop.check_unplanted(selections.unplanted()); !green) {
    complain(green.error().message);
    return exit_suite_broke;
  }
  int caught = 0, broken = 0;
  for (const Mutant* mutant : mutants) {
    auto ready = workshop.plant(*mutant);
    const auto began = std::chrono::steady_clock::now();
    if (!ready) {
      ++broken;
      say("{:<40} BROKEN    {}\n", mutant->name, ready.error().message);
    } else if (const auto test = caught_by(workshop, selections.of(*mutant)); !test) {
      ++broken;
      say("{:<40} BROKEN    {}\n", mutant->name, test.error().message);
    } else {
      const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
      if (*test) ++caught;
      say("{:<40} {:<9} {:6.1f} s  {}\n", mutant->name, *test ? "caught" : "SURVIVED", seconds,
          test->value_or(mutant->summary));
    }
    flush_output();
    if (auto restored = workshop.take_out(); !restored) return exit_suite_broke;
  }
  say("{} of {} mutants caught\n", caught, mutants.size());
  if (broken > 0) return exit_suite_broke;
  return caught == static_cast<int>(mutants.size()) ? exit_conforms : exit_violates;
}

}  // namespace

int run_mutants(const MutantsCommand& command) {
  if (auto known = check_areas(command.areas); !known) {
    complain(known.error().message);
    return exit_wrong_use;
  }
  std::vector<const Mutant*> mutants;
  for (const Mutant& mutant : all_mutants()) {
    if (wanted(mutant, command)) mutants.push_back(&mutant);
  }
  if (mutants.empty()) {
    complain("no mutant matches; see: assay mutants --list");
    return exit_wrong_use;
  }
  if (!command.tests.empty()) {
    SelectionOptions only;
    only.profile = "standard";
    only.filters = command.tests;
    if (auto found = select_tests(only); !found) {
      complain(found.error().message);
      return exit_wrong_use;
    }
  }
  if (!command.run || command.list) {
    for (const Mutant* mutant : mutants) {
      say("{:<40} {:<6} {}  [{}]\n", mutant->name, mutant->defect, mutant->summary, fmt::join(mutant->clauses, " "));
    }
    say("{} mutants\n", mutants.size());
    return exit_conforms;
  }
  return run_in_temporary_folder([&](const fs::path& folder) {
    return run_all(mutants, Selections(command.tests), fs::absolute(command.source), folder);
  });
}

}  // namespace assay::conformance
