#pragma once

#include <cstdint>

#include "conformance/vocabulary/trace.h"

namespace assay::conformance {

// Random histories of declared statics (models/static_action.h), for judge_statics: requests of several scripts, by several
// workers, some of which wait while others run, and some of which die waiting; clears, deleted classes, resets and
// invalidations in them; the clock between them. The same seed and options give the same trace, everywhere.
struct StaticsTraceOptions {
  int steps = 40;  // at most
  int workers = 3;
  bool waits = true;   // needs rendezvous
  bool deaths = true;  // with waits: needs workers.processes
  bool resets = true;  // also invalidations: needs script_cache
};
Trace random_statics_trace(std::uint64_t seed, const StaticsTraceOptions& options);

}  // namespace assay::conformance
