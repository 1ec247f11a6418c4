#include "conformance/command/run_command.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <set>
#include <thread>

#include "conformance/catalogue/catalogue.h"
#include "conformance/command/exit_status.h"
#include "conformance/execution/clock_check.h"
#include "conformance/registry/test_ids.h"
#include "conformance/reports/baseline.h"
#include "conformance/reports/expectations.h"
#include "conformance/reports/progress.h"
#include "conformance/reports/reproducers.h"
#include "conformance/reports/terminal_report.h"
#include "conformance/runner/guard.h"
#include "conformance/runner/processes.h"
#include "conformance/runner/runner.h"
#include "conformance/runner/temporary_folder.h"

namespace assay::conformance {
namespace {

volatile sig_atomic_t interrupted = 0;

void note_interrupt(int) {
  interrupted = 1;
}

void listen_for_interrupts() {
  struct sigaction action {};
  action.sa_handler = note_interrupt;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::sigaction(signal, &action, nullptr);
}

// Everything that is read before the run, so that a mistake shows before anything is measured.
struct Inputs {
  SelectedTests selected;
  std::optional<std::vector<Expectation>> expectations;
  std::optional<SavedReport> baseline;
};

// A saved report may name tests by former ids: that is told, and their results count for the ids of now.
void bring_up_to_date(SavedReport& saved, const std::string& file) {
  constexpr std::size_t most_told = 5;
  const auto unknown = use_ids_of_now(saved.report);
  for (std::size_t i = 0; i < std::min(unknown.size(), most_told); ++i)
    complain(fmt::format("{}: no test has the id {}{}", file, unknown[i].id, unknown[i].hint));
  if (unknown.size() > most_told)
    complain(fmt::format("{}: and so with {} more ids; see: assay list", file, unknown.size() - most_told));
}

Expected<void> keep_failed_only(const std::string& file, SelectedTests& selected) {
  auto saved = ASSAY_TRY(read_report(file));
  keep_failed(saved.report);
  bring_up_to_date(saved, file);
  std::set<std::string> names;
  for (const TestResult& result : saved.report.results) names.insert(result.test);
  std::erase_if(selected.tests, [&](const TestCase* test) { return !names.contains(test->id); });
  selected.selection.narrowed = true;
  selected.selection.text += fmt::format("{}--rerun-failed {}", selected.selection.text.empty() ? "" : " ", file);
  selected.selection.clauses.clear();
  for (const TestCase* test : selected.tests)
    selected.selection.clauses.insert(test->clauses.begin(), test->clauses.end());
  const bool any_exists =
      std::any_of(names.begin(), names.end(), [](const std::string& name) { return find_test(name); });
  if (!names.empty() && !any_exists)
    return failure(file + ": no test that failed there exists any more; see: assay list");
  return {};
}

// A test with a branch in C++ cannot be repeated with a fault that it does not know of.
void keep_traces_only(SelectedTests& selected) {
  std::erase_if(selected.tests, [](const TestCase* test) { return !test->trace; });
  selected.selection.narrowed = true;
  selected.selection.text += fmt::format("{}--sweep", selected.selection.text.empty() ? "" : " ");
  selected.selection.clauses.clear();
  for (const TestCase* test : selected.tests)
    selected.selection.clauses.insert(test->clauses.begin(), test->clauses.end());
}

Expected<Inputs> read_inputs(const RunCommand& command) {
  Inputs inputs;
  auto selected = ASSAY_TRY(select_tests(command.selection));
  inputs.selected = std::move(selected);
  if (!command.rerun_failed.empty()) {
    ASSAY_TRY(keep_failed_only(command.rerun_failed, inputs.selected));
  }
  if (command.sweep) keep_traces_only(inputs.selected);
  if (!command.expectations.empty()) {
    inputs.expectations = ASSAY_TRY(read_expectations(command.expectations));
  }
  if (!command.baseline.empty()) {
    inputs.baseline = ASSAY_TRY(read_report(command.baseline));
    bring_up_to_date(*inputs.baseline, command.baseline);
  }
  return inputs;
}

RunReport empty_report(const RunCommand& command, const Description& description, const std::string& version,
                       const Selection& selection) {
  RunReport report;
  report.suite = {version, command.selection.profile, command.seed};
  report.target = {description.name, description.version, description.features, description.choices, command.target};
  report.contract = command.contract.empty() ? description.contract : command.contract;
  report.selection = selection;
  report.started = std::chrono::system_clock::now();
  return report;
}

void sort_like_registry(RunReport& report, const std::vector<const TestCase*>& tests) {
  std::map<std::string, std::size_t> position;
  for (std::size_t i = 0; i < tests.size(); ++i) position[tests[i]->id] = i;
  std::stable_sort(report.results.begin(), report.results.end(),
                   [&](const TestResult& a, const TestResult& b) { return position[a.test] < position[b.test]; });
}

TerminalOptions terminal_options() {
  TerminalOptions options;
  options.style = TerminalStyle::for_stream(stdout);
  return options;
}

// What this run left out, by its profile or selection, is no mistake of the list.
bool names_something(const Expectation& expectation) {
  if (expectation.test.empty()) return find_clause(expectation.clause) != nullptr;
  return std::any_of(all_tests().begin(), all_tests().end(),
                     [&](const TestCase& test) { return matches_glob(expectation.test, test.id); });
}

// Judges and reports; what was measured is shown even where a file cannot be written.
int conclude(const RunCommand& command, const Inputs& inputs, RunReport& report) {
  if (inputs.expectations) {
    report.with_expectations = true;
    for (const Expectation& unused : apply_expectations(*inputs.expectations, report)) {
      if (!names_something(unused))
        complain(fmt::format("{}:{}: names no test and no clause of the suite{}", command.expectations, unused.line,
                             hint_for_unknown_test(unused.test)));
    }
  }
  const RunJudgement judgement = judge_run(report, clauses_under(report.contract));
  const auto errors = write_reports(report, judgement, command.files);
  std::fputs(terminal_report(report, judgement, terminal_options()).c_str(), stdout);
  if (inputs.baseline) std::fputs(to_text(compare(*inputs.baseline, report)).c_str(), stdout);
  std::fflush(stdout);
  for (const Error& error : errors) complain(error.message);
  if (!errors.empty()) return exit_suite_broke;
  return exit_status(report, judgement);
}

int run_in_folder(const RunCommand& command, const Inputs& inputs, Target& target, const std::string& version,
                  const std::filesystem::path& folder) {
  listen_for_interrupts();
  adopt_orphans();
  RunReport report = empty_report(command, target.description(), version, inputs.selected.selection);
  RunnerOptions options;
  options.profile = inputs.selected.profile;
  options.seed = command.seed;
  options.jobs = command.jobs > 0 ? command.jobs : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  options.folder = folder;
  options.sweep = command.sweep;
  {
    Progress progress(stderr, static_cast<int>(inputs.selected.tests.size()));
    run_tests(
        inputs.selected.tests, target, options,
        [&](TestResult result) {
          progress.finished(result);
          report.results.push_back(std::move(result));
        },
        [] { return interrupted != 0; });
  }
  report.interrupted = interrupted != 0;
  report.finished = std::chrono::system_clock::now();
  sort_like_registry(report, inputs.selected.tests);
  if (!command.failures.empty()) {
    for (const Error& error : write_reproducers(report, command.failures)) complain(error.message);
  }
  return conclude(command, inputs, report);
}

}  // namespace

void complain(const std::string& message) {
  std::fflush(stdout);
  std::fprintf(stderr, "assay: %s\n", message.c_str());
}

OpenedTarget open_target(const std::string& text) {
  const auto chosen = choose_target(text);
  if (!chosen) {
    complain(chosen.error().message);
    return {nullptr, exit_wrong_use};
  }
  auto target = chosen->kind->make(chosen->options);
  if (target) return {std::move(*target), 0};
  complain(target.error().message);
  return {nullptr, exit_target_unavailable};
}

OpenedTarget open_target(const std::string& text, const std::filesystem::path& folder) {
  auto opened = open_target(text);
  if (!opened.target) return opened;
  const auto clock = check_clock(*opened.target, folder);
  if (clock) return opened;
  complain(clock.error().message);
  return {nullptr, exit_target_unavailable};
}

int run_suite(const RunCommand& command, const std::string& version) {
  auto inputs = read_inputs(command);
  if (!inputs) {
    complain(inputs.error().message);
    return exit_wrong_use;
  }
  const auto unwritable = check_report_files(command.files);
  for (const Error& error : unwritable) complain(error.message);
  if (!unwritable.empty()) return exit_suite_broke;
  auto folder = TemporaryFolder::create();
  if (!folder) {
    complain(folder.error().message);
    return exit_suite_broke;
  }
  return run_guarded(folder->path(), [&] {
    auto opened = open_target(command.target, folder->path());
    if (!opened.target) return opened.status;
    return run_in_folder(command, *inputs, *opened.target, version, folder->path());
  });
}

}  // namespace assay::conformance
