#pragma once

#include <span>

#include "conformance/models/judgement.h"
#include "conformance/vocabulary/observation.h"
#include "conformance/vocabulary/trace.h"

namespace assay::conformance {

// Judges what the scripts of static_action.h reply with in a run, by StaticsModel. Beside them a request may clear a
// backend, delete a class, reset, invalidate the library, and wait at a rendezvous; the clock goes forward only. A request
// that waits goes on, and ends, at its release. Anything else in a trace: nothing is judged.
Judgement judge_statics(const Trace& trace, std::span<const Observation> observations);

}  // namespace assay::conformance
