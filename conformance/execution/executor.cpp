#include "conformance/execution/executor.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "conformance/execution/hang_note.h"
#include "conformance/execution/test_bed.h"
#include "conformance/execution/trace_runner.h"
#include "conformance/registry/verdict_of_error.h"
#include "support/proc/cpu_pin.h"

namespace assay::conformance {
namespace fs = std::filesystem;

Executor::Executor(Target& target, fs::path folder, ExecutorOptions options)
    : target_(target), folder_(std::move(folder)), options_(std::move(options)) {
  options_.make_monitors = [&target] { return MonitorSet(all_monitors(target.description())); };
}

namespace {

Execution broken(const Error& why) {
  Execution execution;
  execution.verdict = verdict_of(why);
  execution.was_refused = why.kind == Error::Kind::refused;
  execution.reason = why.message;
  return execution;
}

bool explores_crashes(const Trace& trace) {
  return std::any_of(trace.steps.begin(), trace.steps.end(), [](const Step& step) {
    const auto* action = std::get_if<Action>(&step);
    return action && action->kind() == ActionKind::explore_crash;
  });
}

// A name that grows by a digit changes how many stores copy it: the folders of runs whose stores are counted have one
// length, where the temporary folder is short enough for it.
fs::path folder_of_run(const fs::path& parent, int number, const Trace& trace) {
  constexpr std::size_t kLength = 44;
  std::string name = fmt::format("run{}", number);
  if (!explores_crashes(trace)) return parent / name;
  const std::size_t length = parent.string().size() + 1 + name.size();
  if (length < kLength) name.insert(3, kLength - length, '_');
  return parent / name;
}

}  // namespace

Execution Executor::run(const Trace& trace) {
  constexpr int kMostTries = 3;
  Execution execution = run_once(trace);
  for (int tries = 1; execution.was_refused && tries < kMostTries; ++tries) execution = run_once(trace);
  return execution;
}

Execution Executor::run_once(const Trace& trace) {
  // Where states are tried one after the other, each request is a turn that is handed over.
  std::optional<CpuPin> processor;
  if (explores_crashes(trace)) processor.emplace();
  auto bed = TestBed::start(target_, trace, folder_of_run(folder_, ++runs_, trace));
  if (!bed) return broken(bed.error());

  Execution execution = TraceRunner(trace, **bed, options_).run();
  const bool is_told = execution.verdict == Verdict::fail || execution.verdict == Verdict::error;
  if (is_told && (*bed)->has_runtime()) execution.log = (*bed)->runtime().log();
  return execution;
}

std::string reason_to_skip(const Trace& trace, const Description& description) {
  for (const Step& step : trace.steps) {
    const auto* request = std::get_if<Request>(&step);
    if (!request) continue;
    for (const Exchange& exchange : request->exchanges) {
      const auto unknown = description.unknown_operations.find(exchange.operation.spec->name);
      if (unknown != description.unknown_operations.end()) {
        return fmt::format("{} has no {}: {}", description.name, unknown->first, unknown->second);
      }
    }
  }
  for (const std::string& feature : features_of(trace)) {
    if (!description.features.contains(feature)) return fmt::format("{} does not claim {}", description.name, feature);
  }
  return trace.not_asked;
}

TestResult result_of(const Execution& execution, const Trace& trace) {
  TestResult result;
  result.test = trace.name;
  result.verdict = execution.verdict;
  result.reason = execution.reason;
  result.evidence = execution.evidence;
  const bool by_monitor =
      execution.verdict == Verdict::fail && !execution.violations.empty() && execution.expected.empty();
  if (execution.verdict == Verdict::fail && !by_monitor) {
    // A wrong reply says nothing about the other clauses of the trace.
    const std::string& named = execution.failed_clause;
    if (!named.empty() || !trace.clauses.empty())
      result.clauses[named.empty() ? trace.clauses.front() : named] = Verdict::fail;
    for (const std::string& clause : execution.also_broken) result.clauses[clause] = Verdict::fail;
  } else {
    for (const std::string& clause : trace.clauses)
      result.clauses[clause] = by_monitor ? Verdict::pass : execution.verdict;
  }
  for (const auto& [clause, holds] : execution.monitored) {
    if (holds && execution.verdict == Verdict::fail && !by_monitor) continue;  // a failed trace shows nothing else
    Verdict& verdict = result.clauses.try_emplace(clause, Verdict::pass).first->second;
    if (!holds) verdict = Verdict::fail;
  }
  if (execution.verdict != Verdict::fail && execution.verdict != Verdict::error) return result;
  result.failing_trace = trace;
  note_hang(*result.failing_trace, execution);
  result.details = to_text(trace);
  if (execution.verdict == Verdict::fail) {
    result.details +=
        fmt::format("failed at step {}, operation {}\n", execution.failed_step + 1, execution.failed_exchange + 1);
    if (!execution.expected.empty())
      result.details += fmt::format("  expected  {}\n  actual    {}\n", execution.expected, execution.actual);
  }
  for (const Violation& violation : execution.violations) {
    result.details += fmt::format("broken at step {}, operation {}: {}: {}\n", violation.step + 1,
                                  violation.exchange + 1, violation.clause, violation.message);
  }
  if (!execution.log.empty()) result.details += "log of the target (end):\n" + execution.log;
  return result;
}

}  // namespace assay::conformance
