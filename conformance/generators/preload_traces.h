#pragma once

#include <cstdint>

#include "conformance/generators/preload_program.h"
#include "conformance/vocabulary/trace.h"

namespace assay::conformance {

// A small program (preload_program.h) whose library is preloaded: compiled in any order, required, or both. Worker 0, of
// a runtime of its own, has no cache and includes the library; each use of the program is asked of it first, then again
// and again of workers that preloaded: with the library's files changed or gone, after restarts, deaths, invalidations.
// What is expected: as without a cache (judge_with_and_without).
Trace random_preload_trace(std::uint64_t seed, const PreloadProgramOptions& options);

}  // namespace assay::conformance
