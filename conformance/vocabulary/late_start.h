#pragma once

#include <algorithm>

#include "conformance/vocabulary/trace.h"

namespace assay::conformance {

inline bool is_start(const Step& step) {
  const auto* action = std::get_if<Action>(&step);
  return action && action->kind() == ActionKind::start;
}

// Whether the runtime of a trace starts at its action `start`. Before that stands only what needs no runtime
// (may_precede_start). The runtime of any other trace starts before the first step.
inline bool starts_late(const Trace& trace) {
  return std::any_of(trace.steps.begin(), trace.steps.end(), is_start);
}

// Files, the clock, faults that are armed for the start.
inline bool may_precede_start(const Step& step) {
  const auto* action = std::get_if<Action>(&step);
  return action && (action->spec->feature == std::string_view("files") || action->kind() == ActionKind::advance_clock ||
                    action->kind() == ActionKind::arm);
}

}  // namespace assay::conformance
