#include "conformance/vocabulary/operation.h"

#include <fmt/format.h>

#include <stdexcept>

#include "conformance/vocabulary/call_builder.h"

namespace assay::conformance {

std::span<const CallSpec> operation_specs() {
#define P(name, type)          \
  Parameter {                  \
#name, ParameterType::type \
  }
#define O(name, type, default_json) optional_parameter(#name, ParameterType::type, default_json)
#define OPERATION(kind, feature, php, summary, ...) \
  CallSpec{static_cast<int>(OperationKind::kind), #kind, feature, {__VA_ARGS__}, summary, php},
  static const std::vector<CallSpec> specs = {
#include "conformance/vocabulary/operation.def"
  };
#undef OPERATION
#undef O
#undef P
  return specs;
}

const CallSpec& spec_of(OperationKind kind) {
  return operation_specs()[static_cast<std::size_t>(kind)];
}

bool is_whole_request(const Operation& operation) {
  return operation.kind() == OperationKind::serve || operation.kind() == OperationKind::visit;
}

Operation make_operation(OperationKind kind, std::initializer_list<std::pair<const char*, Value>> arguments) {
  return Operation{build_call(spec_of(kind), arguments)};
}

Operation operation_in_order(OperationKind kind, std::vector<Value> arguments) {
  const CallSpec& spec = spec_of(kind);
  for (std::size_t i = arguments.size(); i < spec.parameters.size(); ++i) {
    if (!spec.parameters[i].default_json)
      throw std::logic_error(fmt::format("{} needs {}", spec.name, spec.parameters[i].name));
    arguments.push_back(spec.parameters[i].default_value);
  }
  if (arguments.size() > spec.parameters.size()) throw std::logic_error(fmt::format("too much for {}", spec.name));
  return Operation{{&spec, std::move(arguments)}};
}

}  // namespace assay::conformance
