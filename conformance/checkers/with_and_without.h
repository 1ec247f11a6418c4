#pragma once

#include <span>

#include "conformance/models/judgement.h"
#include "conformance/vocabulary/observation.h"
#include "conformance/vocabulary/trace.h"

namespace assay::conformance {

// GU-VAL-07: what a request shows with a cache equals what it shows without. The trace is its own oracle: worker 0 has no
// cache (the trace's business), and each request of another worker is compared with the last request of worker 0 before it
// that asks the same, questions to the script cache aside; one without such a request is not judged. Compared are values,
// what was thrown, output, diagnostics and the end of the request. What PHP says while it compiles may be missing where
// opcache.record_warnings is off.
Judgement judge_with_and_without(const Trace& trace, std::span<const Observation> seen);

}  // namespace assay::conformance
