#include "conformance/exploration/fault_at_visit.h"

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

Trace armed_with(const Trace& pattern, const SweptFault& fault, std::uint64_t visit) {
  Trace trace = pattern;
  Action arm = make_action(ActionKind::arm, {{"point", fault.point},
                                             {"effect", fault.effect},
                                             {"occurrence", static_cast<std::int64_t>(visit)},
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
                            fault.onwards ? "from" : "at", visit);
  return trace;
}

Trace counting_visits(const Trace& pattern) {
  return armed_with(without_expectations(pattern), {"*", "count", ""}, 1);
}

Trace without_expectations(Trace trace) {
  for (Step& step : trace.steps) {
    auto* request = std::get_if<Request>(&step);
    if (!request) continue;
    request->ends = "unjudged";
    for (Exchange& exchange : request->exchanges) exchange.expected.reset();
  }
  return trace;
}

}  // namespace assay::conformance
