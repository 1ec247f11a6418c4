#include "conformance/command/run_command.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <set>
#include <thread>

#include "conformance/catalogue/catalogue.h"
#include "conformance/command/blame.h"
#include "conformance/command/contract_choice.h"
#include "conformance/command/exit_status.h"
#include "conformance/command/guarded.h"
#include "conformance/command/output.h"
#include "conformance/command/process_start.h"
#include "conformance/execution/clock_check.h"
#include "conformance/registry/test_ids.h"
#include "conformance/reports/baseline.h"
#include "conformance/reports/progress.h"
#include "conformance/reports/reproducers.h"
#include "conformance/runner/runner.h"

namespace assay::conformance {
namespace {

volatile sig_atomic_t interrupted = 0;

void note_interrupt(int) {
  interrupted = 1;
}

void listen_for_interrupts() {
  struct sigaction action {};
  action.sa_handler = note_interrupt;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) ::sigaction(signal, &action, nullptr);
}

// Everything that is read before the run, so that a mistake shows before anything is measured.
struct RunInputs {
  SelectedTests selected;
  ConclusionInputs conclusion;
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

Expected<RunInputs> read_inputs(const RunCommand& command) {
  RunInputs inputs;
  auto selected = ASSAY_TRY(select_tests(command.selection));
  inputs.selected = std::move(selected);
  if (!command.rerun_failed.empty()) {
    ASSAY_TRY(keep_failed_only(command.rerun_failed, inputs.selected));
  }
  if (command.sweep) keep_traces_only(inputs.selected);
  inputs.conclusion = ASSAY_TRY(read_conclusion_inputs(command.conclusion));
  if (inputs.conclusion.baseline) bring_up_to_date(*inputs.conclusion.baseline, command.conclusion.baseline);
  return inputs;
}

RunReport empty_report(const RunCommand& command, const Description& description, const ContractChoice& chosen,
                       const SuiteIdentity& suite, const Selection& selection) {
  RunReport report;
  report.suite = {suite.version, command.selection.profile, command.seed, suite.commit};
  report.target = {description.name,    description.version, description.features,
                   description.choices, command.target,      chosen.php};
  report.contract = chosen.contract.name();
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

// A failure that the exit status will tell of, as far as one test shows.
bool decides(const TestResult& result, const Contract& contract, bool strict) {
  if (result.verdict == Verdict::error) return true;
  return std::any_of(result.clauses.begin(), result.clauses.end(), [&](const auto& judged) {
    const Clause* clause = find_clause(judged.first);
    if (judged.second != Verdict::fail || clause == nullptr) return false;
    const Strength strength = contract.strength(*clause);
    return strength == Strength::must || (strict && strength == Strength::should);
  });
}

// An adapter whose failures nobody has looked at yet.
bool is_new_here(const RunCommand& command, const Target& target, const RunReport& report) {
  return !report.interrupted && command.conclusion.expectations.empty() && !command.sweep &&
         target.description().name != "reference" && target.description().features.contains("static_cache");
}

int run_in_folder(const RunCommand& command, const RunInputs& inputs, Target& target, const SuiteIdentity& suite,
                  const std::filesystem::path& folder) {
  const auto chosen = choose_contract(command.contract, target.description());
  if (!chosen) {
    complain(chosen.error().message);
    return exit_target_unavailable;
  }
  if (!chosen->notice.empty()) complain(chosen->notice);
  RunReport report = empty_report(command, target.description(), *chosen, suite, inputs.selected.selection);
  RunnerOptions options;
  options.contract = chosen->contract;
  options.profile = inputs.selected.profile;
  options.seed = command.seed;
  options.jobs = command.jobs > 0 ? command.jobs : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  options.folder = folder;
  options.sweep = command.sweep;
  {
    Progress progress(stderr, static_cast<int>(inputs.selected.tests.size()));
    bool stopped = false;
    run_tests(
        inputs.selected.tests, target, options,
        [&](TestResult result) {
          progress.finished(result);
          stopped = stopped || (command.fail_fast && decides(result, options.contract, command.conclusion.strict));
          report.results.push_back(std::move(result));
        },
        [&] { return interrupted != 0 || stopped; });
    if (stopped) report.selection.narrowed = true;
  }
  report.interrupted = interrupted != 0;
  report.finished = std::chrono::system_clock::now();
  sort_like_registry(report, inputs.selected.tests);
  if (!command.failures.empty()) {
    for (const Error& error : write_reproducers(report, command.failures)) complain(error.message);
  }
  const bool is_new = is_new_here(command, target, report);
  const int status = conclude(command.conclusion, inputs.conclusion, report);
  flush_output();
  // Afterwards: it may take longer than the run, and nothing that is known waits for it.
  const std::string blame =
      is_new ? where_to_look_first(report, target, options, folder, [] { return interrupted != 0; }) : "";
  if (!blame.empty()) complain(blame);
  return status;
}

}  // namespace

OpenedTarget open_target(const std::string& text) {
  const auto chosen = choose_target(text);
  if (!chosen) {
    complain(chosen.error().message);
    return {nullptr, exit_wrong_use};
  }
  auto target = chosen->kind->make(chosen->options);
  if (target) return {std::move(*target), 0};
  complain(target.error().message);
  // An adapter says EINVAL where what it was given can be a value on no machine.
  return {nullptr, target.error().code == EINVAL ? exit_wrong_use : exit_target_unavailable};
}

OpenedTarget open_target(const std::string& text, const std::filesystem::path& folder) {
  if (const auto machine = check_machine(); !machine) {
    complain(machine.error().message);
    return {nullptr, exit_suite_broke};
  }
  auto opened = open_target(text);
  if (!opened.target) return opened;
  const auto clock = check_clock(*opened.target, folder);
  if (clock) return opened;
  complain(clock.error().message);
  return {nullptr, exit_target_unavailable};
}

int run_suite(const RunCommand& command, const SuiteIdentity& suite) {
  listen_for_interrupts();
  auto inputs = read_inputs(command);
  if (!inputs) {
    complain(inputs.error().message);
    return exit_wrong_use;
  }
  const auto unwritable = check_report_files(command.conclusion.files);
  for (const Error& error : unwritable) complain(error.message);
  if (!unwritable.empty()) return exit_suite_broke;
  return run_in_temporary_folder([&](const std::filesystem::path& folder) {
    auto opened = interrupted != 0 ? OpenedTarget{} : open_target(command.target, folder);
    if (interrupted != 0) {
      complain("interrupted before the first test: nothing is shown");
      return static_cast<int>(exit_not_shown);
    }
    if (!opened.target) return opened.status;
    return run_in_folder(command, *inputs, *opened.target, suite, folder);
  });
}

}  // namespace assay::conformance
