#include "conformance/vocabulary/action.h"

#include "conformance/vocabulary/call_builder.h"

namespace assay::conformance {

std::span<const CallSpec> action_specs() {
#define P(name, type)          \
  Parameter {                  \
#name, ParameterType::type \
  }
#define O(name, type, default_json) optional_parameter(#name, ParameterType::type, default_json)
#define ACTION(kind, feature, summary, ...) \
  CallSpec{static_cast<int>(ActionKind::kind), #kind, feature, {__VA_ARGS__}, summary, ""},
  static const std::vector<CallSpec> specs = {
#include "conformance/vocabulary/action.def"
  };
#undef ACTION
#undef O
#undef P
  return specs;
}

const CallSpec& spec_of(ActionKind kind) {
  return action_specs()[static_cast<std::size_t>(kind)];
}

Action make_action(ActionKind kind, std::initializer_list<std::pair<const char*, Value>> arguments) {
  return Action{build_call(spec_of(kind), arguments)};
}

}  // namespace assay::conformance
