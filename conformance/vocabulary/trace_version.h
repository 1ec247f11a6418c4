#pragma once

namespace assay::conformance {

// The version of the trace format, in the header of each trace.
inline constexpr int trace_version = 1;

}  // namespace assay::conformance
