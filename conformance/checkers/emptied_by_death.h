#pragma once

#include <span>

#include "conformance/models/cache_event.h"

namespace assay::conformance {

// The run of a target whose caches may begin anew when a worker died inside them (dead-owner = emptied): behind each
// request that died in an operation stands a clear, which may be placed anywhere after that, or left out.
CacheRun with_emptied_caches(const CacheRun& run, std::span<const Observation> observations);

}  // namespace assay::conformance
