#pragma once

#include <span>

#include "conformance/models/judgement.h"
#include "conformance/vocabulary/observation.h"
#include "conformance/vocabulary/trace.h"

namespace assay::conformance {

// Values that cannot travel in a trace, objects of PHP's own classes: the scripts that store and fetch them tell their
// *shapes* (object_library.h), and the run is its own oracle. What is fetched has the shape of what was stored
// last under its key, works as that did (the shape after the same change), and is a copy: a second fetch in the request,
// after the first value was changed, has the old shape. Requests follow each other, entries have no time to live, and there is
// plenty of room. A fetch that does not come to its end is refused. A run with
// a store that tells nothing is not judged from there on: it is the generator's fault.
Judgement judge_round_trips(const Trace& trace, std::span<const Observation> observations);

}  // namespace assay::conformance
