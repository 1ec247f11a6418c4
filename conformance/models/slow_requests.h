#pragma once

#include <functional>
#include <span>

#include "conformance/models/judgement.h"
#include "conformance/vocabulary/observation.h"
#include "conformance/vocabulary/trace.h"

namespace assay::conformance {

// Judges a run with slow requests (generators/variations.h) as if the operations before and behind a rendezvous were
// requests of their own, with what happened meanwhile between them. That is the same to a cache which measures by the
// wall clock and keeps nothing for a request.
Judgement judge_in_sequence(const std::function<Judgement(const Trace&, std::span<const Observation>)>& model,
                            const Trace& trace, std::span<const Observation> observations);

}  // namespace assay::conformance
