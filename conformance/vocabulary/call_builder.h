#pragma once

#include <initializer_list>

#include "conformance/vocabulary/call.h"

namespace assay::conformance {

// A call with the given arguments by name and the default values for the rest.
// REQUIRES: every name exists, no parameter without a default value is missing (std::logic_error otherwise: a bug).
Call build_call(const CallSpec& spec, std::initializer_list<std::pair<const char*, Value>> arguments);

}  // namespace assay::conformance
