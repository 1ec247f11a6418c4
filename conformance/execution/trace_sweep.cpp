#include "conformance/execution/trace_sweep.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>

#include "conformance/execution/sweep.h"
#include "faults/points/catalogue.h"

namespace assay::conformance {
namespace {

using Counts = std::map<std::string, std::uint64_t>;

bool arms(const Step& step) {
  const auto* action = std::get_if<Action>(&step);
  return action && std::string_view(action->spec->feature) == "fault";
}

bool counts_all(const Step& step) {
  const auto* action = std::get_if<Action>(&step);
  return action && action->kind() == ActionKind::arm && action->text("effect") == "count" &&
         action->text("point") == "*";
}

// A trace whose faults leave no place for others.
bool arms_itself(const Trace& trace) {
  return std::any_of(trace.steps.begin(), trace.steps.end(), arms) &&
         std::none_of(trace.steps.begin(), trace.steps.end(), counts_all);
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
  const auto* entry = points::find_point(point);
  return entry && entry->is(points::Use::swept);
}

// What one point can be made to do, each at one visit.
std::vector<SweptFault> faults_at(const std::string& point, const Description& target) {
  std::vector<SweptFault> faults;
  const auto* entry = points::find_point(point);
  if (!entry) return faults;
  if (!entry->error.empty()) {
    for (const bool onwards : {false, true}) faults.push_back({point, "fail", std::string(entry->error), onwards});
  }
  if (entry->allows(points::Effect::kill) && target.features.contains("fault.kill"))
    faults.push_back({point, "kill", ""});
  return faults;
}

// The visits 1 to `visits` in an order in which each beginning is spread over all of them: the first, then the middle,
// then the quarters.
std::vector<std::uint64_t> spread(std::uint64_t visits) {
  std::vector<std::uint64_t> order;
  order.reserve(visits);
  const int bits = std::bit_width(visits - 1);
  for (std::uint64_t number = 0; number < std::uint64_t{1} << bits; ++number) {
    std::uint64_t reversed = 0;
    for (int bit = 0; bit < bits; ++bit) reversed |= (number >> bit & 1) << (bits - 1 - bit);
    if (reversed < visits) order.push_back(reversed + 1);
  }
  return order;
}

struct Unbounded {
  std::size_t step;
  std::string what;
};

// A request that hangs, or a worker that dies although the fault did not kill it. How a request ends that the trace
// itself means to end early is left to it. `added`: steps that the run has before those of the trace.
std::optional<Unbounded> unbounded(const Execution& execution, const SweptFault& fault, const Trace& trace,
                                   std::size_t added) {
  for (const Observation& observation : execution.observations) {
    if (std::get<Request>(trace.steps[observation.step - added]).ends != "completed") continue;
    const bool is_death = observation.outcome == Outcome::Kind::died && fault.effect != "kill";
    if (observation.outcome == Outcome::Kind::hung || is_death)
      return Unbounded{observation.step,
                       fmt::format("step {}: the request {}", observation.step + 1, to_text(observation.outcome))};
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
    collect(counts[0]);
    if (opportunities_ == 0) return skipped("it comes to no point at which something could happen");
    const auto most_visits = std::max_element(occasions_.begin(), occasions_.end(), fewer_visits)->visits.size();
    for (std::size_t round = 0; round < most_visits; ++round) {
      for (const Occasions& at : occasions_) {
        if (round >= at.visits.size()) continue;
        if (std::chrono::steady_clock::now() - began_ > options_.most_time) return undisturbed();
        if (!sweep(at.fault, at.visits[round])) return result_;
      }
    }
    return undisturbed();
  }

 private:
  // One fault, and the visits at which it is to come.
  struct Occasions {
    SweptFault fault;
    std::vector<std::uint64_t> visits;
  };
  static bool fewer_visits(const Occasions& a, const Occasions& b) { return a.visits.size() < b.visits.size(); }

  void collect(const Counts& counts) {
    for (const auto& [point, visits] : counts) {
      for (SweptFault& fault : faults_at(point, target_.description())) {
        occasions_.push_back({std::move(fault), spread(visits)});
        opportunities_ += visits;
      }
    }
  }

  TestResult skipped(std::string reason) {
    result_.verdict = Verdict::skip;
    result_.reason = std::move(reason);
    return result_;
  }

  bool counted(Counts& counts) {
    const Execution execution = executor_.run(armed_with(bare_, {"*", "count", ""}, 1));
    if (execution.verdict != Verdict::pass) return failed(execution, bare_);
    counts = execution.counted;
    std::erase_if(counts, [](const auto& at) { return !is_swept(at.first); });
    result_.evidence += execution.evidence;
    return true;
  }

  bool sweep(const SweptFault& fault, std::uint64_t visit) {
    const Trace trace = armed_with(bare_, fault, visit);
    Execution execution = executor_.run(trace);
    result_.evidence += execution.evidence;
    if (execution.verdict == Verdict::inconclusive) {
      exhaustive_ = false;  // this run went another way
      return true;
    }
    ++tried_;
    if (execution.verdict != Verdict::pass) return failed(execution, trace);
    if (const auto found = unbounded(execution, fault, trace_, trace.steps.size() - trace_.steps.size()))
      return failed_to_end(execution, trace, *found);
    if (fault.effect == "kill") ++result_.evidence.crash_states;
    for (const auto& [clause, holds] : execution.monitored) {
      if (holds) result_.clauses.emplace(clause, Verdict::pass);
    }
    return true;
  }

  // The trace that is kept demands what was missed, so that its replay judges itself.
  bool failed_to_end(Execution execution, Trace trace, const Unbounded& found) {
    execution.verdict = Verdict::fail;
    execution.failed_clause = "GU-LIV-05";
    execution.failed_step = found.step;
    execution.expected = "the request ends, and its worker serves on";
    execution.actual = execution.reason = found.what;
    trace.clauses = {execution.failed_clause};
    std::get<Request>(trace.steps[found.step]).ends = "completed";
    return failed(execution, trace);
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
    std::string how = "exhaustive";
    if (!exhaustive_) how = "sampled: its runs differ";
    if (tried_ < opportunities_) how = fmt::format("sampled: {} of them", tried_);
    if (how != "exhaustive") result_.verdict = Verdict::inconclusive;
    for (const std::string& clause : trace_.clauses) result_.clauses.try_emplace(clause, result_.verdict);
    result_.reason = fmt::format("swept: {} opportunities ({}), {} faults fired", opportunities_, how,
                                 result_.evidence.faults_fired);
    return result_;
  }

  Target& target_;
  Executor executor_;
  const Trace& trace_;
  const Trace bare_;
  const TraceSweepOptions options_;
  TestResult result_;
  const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  std::vector<Occasions> occasions_;
  std::uint64_t opportunities_ = 0, tried_ = 0;
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
