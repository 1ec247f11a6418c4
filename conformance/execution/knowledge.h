#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "conformance/vocabulary/matcher.h"
#include "conformance/vocabulary/observation.h"
#include "conformance/vocabulary/trace.h"

namespace assay::conformance {

// What a run learnt from the steps that it took: all that another run needs to go on from there, on the same runtime.
// A value; the traces whose actions its history points to outlive it.
struct Knowledge {
  std::int64_t now = clock_start;                               // virtual time, in seconds
  Labelled labelled;                                            // replies that later matchers may refer to
  std::vector<std::variant<Observation, ActionTaken>> history;  // what monitors were told, in this order
};

}  // namespace assay::conformance
