#include "conformance/execution/sweep.h"

#include <fmt/format.h>

#include <algorithm>

namespace assay::conformance {
namespace {

bool is_arming(const Step& step) {
  const auto* action = std::get_if<Action>(&step);
  return action && action->kind() == ActionKind::arm;
}

bool is_marked(const Step& step) {
  return is_arming(step) && std::get<Action>(step).text("effect") == "count";
}

}  // namespace

Trace armed_with(const Trace& pattern, const SweptFault& fault, std::uint64_t occurrence) {
  Trace trace = pattern;
  const auto number = static_cast<std::int64_t>(occurrence);
  Action arm = make_action(ActionKind::arm, {{"point", fault.point},
                                             {"effect", fault.effect},
                                             {"occurrence", number},
                                             {"onwards", fault.onwards},
                                             {"error", fault.error},
                                             {"worker", fault.worker ? Value(*fault.worker) : Value()}});
  auto place = std::find_if(trace.steps.begin(), trace.steps.end(), is_marked);
  if (place == trace.steps.end()) place = std::find_if(trace.steps.begin(), trace.steps.end(), is_arming);
  if (place == trace.steps.end())
    trace.steps.emplace(trace.steps.begin(), std::in_place_type<Action>, std::move(arm));
  else
    *place = std::move(arm);
  trace.name += fmt::format(" ({} at {}, {} {})", fault.error.empty() ? fault.effect : fault.error, fault.point,
                            fault.onwards ? "from" : "at", occurrence);
  return trace;
}

Sweep::Sweep(Target& target, std::filesystem::path folder, std::uint64_t most)
    : executor_(target, std::move(folder)), most_(most) {}

bool Sweep::run(const Trace& pattern, const SweptFault& fault) {
  for (std::uint64_t occurrence = 1; occurrence <= most_; ++occurrence) {
    const Trace trace = armed_with(pattern, fault, occurrence);
    const Execution execution = executor_.run(trace);
    evidence_ += execution.evidence;
    if (execution.verdict == Verdict::inconclusive) return true;  // no visit so late
    for (const auto& [clause, holds] : execution.monitored)
      if (holds) clauses_.emplace(clause, Verdict::pass);
    if (execution.verdict != Verdict::pass) {
      failure_ = result_of(execution, trace);
      return false;
    }
    ++occasions_;
    if (fault.effect == "kill") ++evidence_.crash_states;
  }
  complete_ = false;
  return true;
}

TestResult Sweep::result(std::uint64_t needed) const {
  TestResult result;
  if (failure_) result = *failure_;
  result.evidence = evidence_;
  if (failure_) return result;
  result.clauses = clauses_;
  if (occasions_ >= needed) return result;
  result.clauses.clear();
  result.verdict = occasions_ == 0 ? Verdict::skip : Verdict::inconclusive;
  result.reason = occasions_ == 0
                      ? "the target visits none of the points at which the fault could happen"
                      : fmt::format("only {} occasions; this says too little ({} are needed)", occasions_, needed);
  return result;
}

}  // namespace assay::conformance
