#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "conformance/vocabulary/trace.h"

namespace assay::conformance {

// What a sweep lets happen, at one opportunity after the other.
struct SweptFault {
  std::string point;            // a name or a prefix with '*', as the action `arm` takes it
  std::string effect;           // "fail", "kill" or "count"
  std::string error;            // of "fail": the name of an errno
  bool onwards = false;         // at this opportunity and at each one after it
  std::optional<int> worker{};  // only in this worker
};

// The trace with the fault at that visit of the point, in the place that it marks: its first action `arm` that only
// counts, or else its first `arm`; before its first step where there is none.
Trace armed_with(const Trace& pattern, const SweptFault& fault, std::uint64_t visit);

// The trace with the visits of all points counted in that place, as the monitors alone judge it.
Trace counting_visits(const Trace& pattern);

// The trace as the monitors alone judge it.
Trace without_expectations(Trace trace);

}  // namespace assay::conformance
