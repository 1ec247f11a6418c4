#include "conformance/exploration/crash_trace.h"

#include <fmt/format.h>

namespace assay::conformance {
namespace {

Action* exploring(Trace& trace) {
  for (Step& step : trace.steps) {
    auto* action = std::get_if<Action>(&step);
    if (action && action->kind() == ActionKind::explore_crash) return action;
  }
  return nullptr;
}

}  // namespace

Trace crash_everywhere(const Trace& pattern, std::size_t most) {
  Trace trace = pattern;
  if (Action* action = exploring(trace)) {
    *action = make_action(ActionKind::explore_crash,
                          {{"worker", action->integer("worker")}, {"most", static_cast<std::int64_t>(most)}});
  }
  return trace;
}

Trace crash_at(const Trace& pattern, std::optional<std::size_t> state, std::size_t of, const std::string& log,
               const std::string& by) {
  Trace trace = pattern;
  if (Action* action = exploring(trace)) {
    *action =
        make_action(ActionKind::explore_crash, {{"worker", action->integer("worker")},
                                                {"state", state ? Value(static_cast<std::int64_t>(*state)) : Value()},
                                                {"of", static_cast<std::int64_t>(of)},
                                                {"log", log},
                                                {"by", by}});
  }
  if (!state) return trace;
  trace.name += by == "call" ? fmt::format(" (killed before system call {} of {})", *state, of)
                             : fmt::format(" (crash state {} of {}, log {}, by {})", *state, of, log, by);
  return trace;
}

bool choose_crash_state(Trace& trace, std::int64_t stores) {
  Action* action = exploring(trace);
  if (!action) return false;
  const std::string by = action->text("by") == "call" ? "call" : "kill";
  *action = make_action(
      ActionKind::explore_crash,
      {{"worker", action->integer("worker")}, {"state", stores}, {"of", action->integer("of")}, {"by", by}});
  return true;
}

}  // namespace assay::conformance
