#pragma once

#include <string>

#include "conformance/vocabulary/trace.h"

namespace assay::conformance {

// What a trace that was read can still have wrong with itself, so that no run of it says anything about a target: a clause
// or a point that does not exist, a fault that cannot be armed, a worker beyond the configuration, a matcher that compares
// with a reply that no operation has by then, a background request that is awaited but not begun (or begun twice), an
// operation that refers to one that does not come before it. The error names file, line and field, as those of reading do.
Expected<void> check_trace(const Trace& trace, const std::string& file);

}  // namespace assay::conformance
