#pragma once

#include "conformance/vocabulary/call.h"

namespace assay::conformance {

enum class ActionKind : int {
#define ACTION(kind, ...) kind,
#include "conformance/vocabulary/action.def"
#undef ACTION
};

// What the suite does to the world between requests: one of the closed table in action.def, with arguments.
struct Action : Call {
  ActionKind kind() const { return static_cast<ActionKind>(spec->kind); }
};

// All actions, in the order of ActionKind.
std::span<const CallSpec> action_specs();
const CallSpec& spec_of(ActionKind kind);

// Builds an action from named arguments; the others get their default values.
// REQUIRES: the names exist and every parameter without a default value is given (std::logic_error otherwise: a bug).
Action make_action(ActionKind kind, std::initializer_list<std::pair<const char*, Value>> arguments);

}  // namespace assay::conformance
