#pragma once

#include "conformance/vocabulary/value.h"
#include "reference/php/value/value.h"

namespace assay::conformance {

// Between the values of the suite and those of the reference. Objects and references are numbered in the order of their
// first appearance, as the canonical form has them.
reference::Value to_reference(const Value& value);
Value from_reference(const reference::Value& value);

}  // namespace assay::conformance
