#include "conformance/execution/trace_sweep.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "conformance/execution/sweep.h"
#include "faults/points/catalogue.h"

namespace assay::conformance {
namespace {

using Counts = std::map<std::string, std::uint64_t>;

bool arms_itself(const Trace& trace) {
  return std::any_of(trace.steps.begin(), trace.steps.end(), [](const Step& step) {
    const auto* action = std::get_if<Action>(&step);
    return action && std::string_view(action->spec->feature) == "fault";
  });
}

// The trace as the monitors alone judge it.
Trace without_expectations(Trace trace) {
  for (Step& step : trace.steps) {
    auto* request = std::get_if<Request>(&step);
    if (!request) continue;
    request->ends = "any";
    for (Exchange& exchange : request->exchanges) exchange.expected.reset();
  }
  return trace;
}

// Of what a stock program does, the calls that its caches are made of; a driver that cannot write its reply says
// nothing.
bool is_swept(std::string_view point) {
  if (!point.starts_with("posix/")) return true;
  constexpr std::string_view calls[] = {"posix/lock/", "posix/mm/mmap/shared", "posix/shm/", "posix/io/stat/",
                                        "posix/io/path/"};
  return std::any_of(std::begin(calls), std::end(calls),
                     [&](std::string_view call) { return point.starts_with(call); });
}

const char* error_at(std::string_view point) {
  const auto has = [&](std::string_view part) { return point.find(part) != std::string_view::npos; };
  if (has("lock/")) return "ENOLCK";
  if (has("stat") && !point.starts_with("static/")) return "ENOENT";
  if (has("path/") || has("file")) return "EIO";
  return "ENOMEM";
}

// What one point can be made to do, each at one visit.
std::vector<SweptFault> faults_at(const std::string& point, const Description& target) {
  std::vector<SweptFault> faults;
  const auto* entry = points::find_point(point);
  if (!entry) return faults;
  if (entry->allows(points::Effect::kFail)) {
    for (const bool onwards : {false, true}) faults.push_back({point, "fail", error_at(point), onwards});
  }
  if (entry->allows(points::Effect::kKill) && target.features.contains("fault.kill"))
    faults.push_back({point, "kill", ""});
  return faults;
}

// A request that hangs, or a worker that dies although the fault did not kill it. How a request ends that the trace
// itself means to end early is left to it. In the run the trace stands behind the arming of the fault.
std::optional<std::string> unbounded(const Execution& execution, const SweptFault& fault, const Trace& trace) {
  for (const Observation& observation : execution.observations) {
    if (std::get<Request>(trace.steps[observation.step - 1]).ends != "completed") continue;
    const bool is_death = observation.outcome == Outcome::Kind::died && fault.effect != "kill";
    if (observation.outcome == Outcome::Kind::hung || is_death)
      return fmt::format("step {}: the request {}", observation.step + 1, to_text(observation.outcome));
  }
  return std::nullopt;
}

class TraceSweep {
 public:
  TraceSweep(Target& target, const std::filesystem::path& folder, const Trace& trace, const TraceSweepOptions& options)
      : target_(target),
        executor_(target, folder),
        trace_(trace),
        bare_(without_expectations(trace)),
        options_(options) {}

  TestResult run() {
    std::array<Counts, 2> counts;
    for (Counts& count : counts) {
      if (!counted(count)) return result_;
    }
    exhaustive_ = counts[0] == counts[1];
    for (const auto& [point, visits] : counts[0]) {
      if (!is_swept(point)) continue;
      for (const SweptFault& fault : faults_at(point, target_.description())) {
        if (!sweep(fault, visits)) return result_;
      }
    }
    if (opportunities_ == 0) return skipped("it comes to no point at which something could happen");
    return undisturbed();
  }

 private:
  TestResult skipped(std::string reason) {
    result_.verdict = Verdict::skip;
    result_.reason = std::move(reason);
    return result_;
  }

  bool counted(Counts& counts) {
    const Execution execution = executor_.run(armed_with(bare_, {"*", "count", ""}, 1));
    if (execution.verdict != Verdict::pass) return failed(execution, bare_);
    for (const auto& [point, seen] : execution.evidence.points) counts[point] = seen.reached;
    result_.evidence.traces += 1;
    return true;
  }

  bool sweep(const SweptFault& fault, std::uint64_t visits) {
    if (visits > options_.most_occasions) exhaustive_ = false;
    for (std::uint64_t visit = 1; visit <= std::min(visits, options_.most_occasions); ++visit) {
      const Trace trace = armed_with(bare_, fault, visit);
      Execution execution = executor_.run(trace);
      result_.evidence += execution.evidence;
      ++opportunities_;
      if (execution.verdict == Verdict::inconclusive) {
        exhaustive_ = false;  // this run went another way
        continue;
      }
      if (const auto what = unbounded(execution, fault, trace_); what && execution.verdict == Verdict::pass) {
        execution.verdict = Verdict::fail;
        execution.failed_clause = "GU-LIV-05";
        execution.expected = "the request ends, and its worker serves on";
        execution.actual = *what;
        execution.reason = *what;
      }
      if (execution.verdict != Verdict::pass) return failed(execution, trace);
      if (fault.effect == "kill") ++result_.evidence.crash_states;
      for (const auto& [clause, holds] : execution.monitored) {
        if (holds) result_.clauses.emplace(clause, Verdict::pass);
      }
    }
    return true;
  }

  bool failed(const Execution& execution, const Trace& trace) {
    Evidence evidence = std::move(result_.evidence);
    result_ = result_of(execution, trace);
    result_.evidence = std::move(evidence);
    return false;
  }

  TestResult undisturbed() {
    const Execution execution = executor_.run(trace_);
    result_.evidence += execution.evidence;
    if (execution.verdict != Verdict::pass) {
      failed(execution, trace_);
      return result_;
    }
    for (const std::string& clause : trace_.clauses) result_.clauses.try_emplace(clause, Verdict::pass);
    result_.reason = fmt::format("swept: {} opportunities ({}), {} faults fired", opportunities_,
                                 exhaustive_ ? "exhaustive" : "sampled", result_.evidence.faults_fired);
    return result_;
  }

  Target& target_;
  Executor executor_;
  const Trace& trace_;
  const Trace bare_;
  const TraceSweepOptions options_;
  TestResult result_;
  std::uint64_t opportunities_ = 0;
  bool exhaustive_ = true;
};

}  // namespace

TestResult sweep_trace(Target& target, const std::filesystem::path& folder, const Trace& trace,
                       const TraceSweepOptions& options) {
  if (arms_itself(trace)) {
    TestResult result;
    result.verdict = Verdict::skip;
    result.reason = "it arms faults itself";
    return result;
  }
  return TraceSweep(target, folder, trace, options).run();
}

}  // namespace assay::conformance
