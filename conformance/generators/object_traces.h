#pragma once

#include "conformance/generators/trace_generators.h"
#include "conformance/vocabulary/trace.h"

namespace assay::conformance {

// Scripts that store random objects of PHP's own classes and scripts that fetch them, by several workers in turn; keys are
// stored again and deleted between them. For judge_round_trips. The same seed and options give the same trace, everywhere.
struct ObjectTraceOptions {
  int steps = 24;  // at most
  int workers = 2;
  int keys = 3;
};
Trace random_object_trace(std::uint64_t seed, const ObjectTraceOptions& options);

}  // namespace assay::conformance
