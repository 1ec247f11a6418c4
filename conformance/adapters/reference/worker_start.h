#pragma once

#include <sys/types.h>

#include "conformance/adapter/pool_place.h"
#include "conformance/adapter/target.h"

namespace assay::conformance {

// Begins the life of a forked process in which the reference serves: it dies with its parent, stands in the sandbox's tree,
// and has the points' control block of the run; it is in the place of its pool. Ends the process where that cannot be had.
void begin_worker_process(pid_t parent, const Sandbox& sandbox, const PoolPlace& place);

}  // namespace assay::conformance
