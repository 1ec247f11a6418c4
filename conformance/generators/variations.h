#pragma once

#include <cstdint>

#include "conformance/vocabulary/trace.h"

namespace assay::conformance {

// Dimensions that any trace can be given. The same trace and seed give the same variation.

// Twice in a row: some requests are repeated at once, within the same second of the clock.
Trace twice_in_a_row(Trace trace, std::uint64_t seed);

// Slow requests: between two operations of some requests the clock moves, by what moves it next in the trace. Such a
// request runs in the background and waits at a rendezvous meanwhile; no other request runs beside it.
Trace with_slow_requests(Trace trace, std::uint64_t seed);

}  // namespace assay::conformance
