#include "conformance/command/operators_command.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <mutex>
#include <optional>
#include <set>

#include "conformance/command/exit_status.h"
#include "conformance/command/guarded.h"
#include "conformance/command/operator_build.h"
#include "conformance/command/output.h"
#include "conformance/command/reached_tests.h"
#include "conformance/command/selection.h"
#include "conformance/mutation/operator_score.h"
#include "conformance/reports/report_file.h"

namespace assay::conformance {
namespace fs = std::filesystem;
namespace {

using Fate = JudgedChange::Fate;

constexpr std::size_t kFirstTests = 8;  // then four times as many each time
constexpr const char* kSubset = "php";

bool is_wanted(const OperatorsCommand& command, const std::string& area) {
  return command.areas.empty() ? area != kSubset : std::count(command.areas.begin(), command.areas.end(), area) > 0;
}

Expected<void> check_source(const OperatorsCommand& command) {
  if (!fs::is_directory(fs::path(command.source) / "reference"))
    return failure(fmt::format("{} is no checkout of the project; name one with --source", command.source));
  for (const std::string& area : command.areas) {
    if (area.empty() || !fs::is_directory(fs::path(command.source) / "reference" / area))
      return failure(
          fmt::format("--area {}: with --operators it is a folder below reference (segment, lock, ...)", area));
  }
  return {};
}

// Runs the tests that come to a change, with it in force, until one fails.
class Judge {
 public:
  Judge(const ProjectCopy& project, const ReachedTests& reached, std::string profile)
      : project_(project), reached_(reached), profile_(std::move(profile)) {}

  JudgedChange judge(const PlantedChange& change, int worker) const {
    JudgedChange judged;
    judged.change = change;
    const auto found = reached_.by_change.find(change.id);
    if (found == reached_.by_change.end()) return judged;
    judged.fate = Fate::survived;
    judged.tests = found->second.size();
    const auto began = std::chrono::steady_clock::now();
    std::size_t size = kFirstTests;
    for (std::size_t at = 0; at < found->second.size() && judged.fate == Fate::survived; at += size, size *= 4) {
      const std::size_t end = std::min(at + size, found->second.size());
      run(judged,
          {found->second.begin() + static_cast<std::ptrdiff_t>(at),
           found->second.begin() + static_cast<std::ptrdiff_t>(end)},
          worker);
    }
    judged.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    return judged;
  }

 private:
  // One that failed is run again alone (on a busy machine a time limit can be missed); the others go on without it.
  void run(JudgedChange& judged, std::vector<std::size_t> tests, int worker) const {
    while (!tests.empty()) {
      const auto failed = first_failure(judged, tests, worker);
      if (judged.fate != Fate::survived || !failed) return;
      if (first_failure(judged, {*failed}, worker)) {
        judged.fate = Fate::caught;
        judged.test = reached_.tests[*failed].first;
        return;
      }
      std::erase(tests, *failed);
    }
  }

  std::optional<std::size_t> first_failure(JudgedChange& judged, const std::vector<std::size_t>& tests,
                                           int worker) const {
    std::string selection = fmt::format("--profile {} --jobs 1 --fail-fast", profile_);
    double seconds = 60;
    for (const std::size_t test : tests) {
      selection += fmt::format(" --filter '{}'", reached_.tests[test].first);
      seconds += 30 * (1 + reached_.tests[test].second);
    }
    // The suite ends what hangs itself; the outer limit is for a change that hangs it while it starts.
    const auto results = project_.run(
        selection, fmt::format("ASSAY_PLANTED={} timeout --kill-after=10 {:.0f}", judged.change.id, seconds),
        fmt::format("report-{}", worker));
    if (!results) {
      const bool hung = results.error().message.find("exit status 124") != std::string::npos ||
                        results.error().message.find("exit status 137") != std::string::npos;
      judged.fate = hung ? Fate::hung : Fate::caught;
      judged.test = hung ? "(the suite did not end)" : "(the suite did not start)";
      return std::nullopt;
    }
    for (const TestResult& result : *results) {
      if (result.verdict != Verdict::fail && result.verdict != Verdict::error) continue;
      for (const std::size_t test : tests) {
        if (reached_.tests[test].first == result.test) return test;
      }
    }
    return std::nullopt;
  }

  const ProjectCopy& project_;
  const ReachedTests& reached_;
  std::string profile_;
};

std::string command_text(const OperatorsCommand& command) {
  std::string text = "assay mutants --operators --run";
  if (!command.areas.empty()) text += fmt::format(" --area {}", fmt::join(command.areas, ","));
  text += fmt::format(" --profile {}", command.profile);
  for (const std::string& glob : command.tests) text += fmt::format(" --tests '{}'", glob);
  if (command.sample > 0) text += fmt::format(" --sample {} --seed {}", command.sample, command.seed);
  if (!command.page.empty()) text += fmt::format(" --page {}", command.page);
  return text;
}

SelectionOptions selection_of(const OperatorsCommand& command) {
  SelectionOptions selection;
  selection.profile = command.profile;
  selection.filters = command.tests;
  return selection;
}

std::vector<PlantedChange> chosen_from(const OperatorsCommand& command, std::vector<PlantedChange> changes) {
  std::erase_if(changes, [&](const PlantedChange& change) { return !is_wanted(command, change.area()); });
  return command.sample > 0 ? sample_of(changes, command.sample, command.seed) : changes;
}

int list_changes(const OperatorsCommand& command, const OperatorBuild& workshop) {
  const auto changes = workshop.plant();
  if (!changes) {
    complain(changes.error().message);
    return exit_suite_broke;
  }
  const auto chosen = chosen_from(command, *changes);
  for (const PlantedChange& change : chosen) {
    say("{:>5} {}:{}: {}: {}  ->  {}\n", change.id, change.file, change.line, change.operation, change.original,
        change.changed);
  }
  say("{} of {} changes\n", chosen.size(), changes->size());
  return exit_conforms;
}

Expected<void> write_results(const OperatorsCommand& command, const OperatorScore& score) {
  if (!command.json.empty()) {
    ASSAY_TRY(write_report_file(command.json, score_as_json(score)));
  }
  if (!command.page.empty()) {
    ASSAY_TRY(write_report_file(command.page, score_as_page(score)));
  }
  return {};
}

Expected<OperatorScore> measure(const OperatorsCommand& command, const SuiteIdentity& suite,
                                const OperatorBuild& workshop, const fs::path& folder) {
  const auto changes = ASSAY_TRY(workshop.build());
  say("{} changes are in {}\n", changes.size(), workshop.project().program().string());
  flush_output();
  const int most = changes.empty() ? 0 : changes.back().id;
  const auto reached = ASSAY_TRY(find_reached_tests(workshop.project(), folder, selection_of(command), most));
  const auto chosen = chosen_from(command, changes);
  OperatorScore score{command_text(command), suite.commit,   command.profile, reached.tests.size(),
                      changes.size(),        command.sample, command.seed,    {}};
  score.changes.resize(chosen.size());
  const Judge judge(workshop.project(), reached, command.profile);
  std::mutex mutex;
  on_all_processors(chosen.size(), [&](std::size_t i, int worker) {
    JudgedChange judged = judge.judge(chosen[i], worker);
    const std::lock_guard guard(mutex);
    say("{:<9} {:6.1f} s  {}:{} {} {}\n", to_text(judged.fate), judged.seconds, judged.change.file, judged.change.line,
        judged.change.operation, judged.test);
    flush_output();
    score.changes[i] = std::move(judged);
  });
  return score;
}

}  // namespace

int run_operators(const OperatorsCommand& command, const SuiteIdentity& suite) {
  const auto source_there = check_source(command);
  const auto tests = select_tests(selection_of(command));
  if (!tests || !source_there) {
    complain(tests ? source_there.error().message : tests.error().message);
    return exit_wrong_use;
  }
  return run_in_temporary_folder([&](const fs::path&) {
    const fs::path source = fs::absolute(command.source).lexically_normal();
    const fs::path folder = command.folder.empty() ? source / "build" / "mutants" : fs::absolute(command.folder);
    std::error_code code;
    fs::create_directories(folder, code);
    if (code) {
      complain(fmt::format("cannot make {}: {}; name another folder with --folder", folder.string(), code.message()));
      return static_cast<int>(exit_suite_broke);
    }
    const OperatorBuild workshop(source, folder, std::count(command.areas.begin(), command.areas.end(), kSubset) > 0);
    if (!command.run) return list_changes(command, workshop);
    const auto score = measure(command, suite, workshop, folder);
    const auto written = score ? write_results(command, *score) : tl::unexpected(score.error());
    if (!written) {
      complain(written.error().message);
      return static_cast<int>(exit_suite_broke);
    }
    put(score_as_text(*score));
    const bool all = std::all_of(score->changes.begin(), score->changes.end(), [](const JudgedChange& judged) {
      return judged.fate == Fate::caught || judged.fate == Fate::hung;
    });
    return static_cast<int>(all ? exit_conforms : exit_violates);
  });
}

}  // namespace assay::conformance
