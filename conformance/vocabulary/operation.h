#pragma once

#include "conformance/vocabulary/call.h"

namespace assay::conformance {

enum class OperationKind : int {
#define OPERATION(kind, ...) kind,
#include "conformance/vocabulary/operation.def"
#undef OPERATION
};

// What a worker is asked to do inside a request: one of the closed table in operation.def, with arguments.
struct Operation : Call {
  OperationKind kind() const { return static_cast<OperationKind>(spec->kind); }
};

// Whether the operation is a request of its own, beside which no other stands.
bool is_whole_request(const Operation& operation);

// All operations, in the order of OperationKind.
std::span<const CallSpec> operation_specs();
const CallSpec& spec_of(OperationKind kind);

// Builds an operation from named arguments; the others get their default values.
// REQUIRES: the names exist and every parameter without a default value is given (std::logic_error otherwise: a bug).
Operation make_operation(OperationKind kind, std::initializer_list<std::pair<const char*, Value>> arguments);
// The same, from arguments in the order of the parameters; those that are left out at the end get their default values.
Operation operation_in_order(OperationKind kind, std::vector<Value> arguments);

}  // namespace assay::conformance
