#pragma once

// The time as the attached control block has it: frozen while its virtual clock is enabled, else the machine's.
// Nanoseconds. One relaxed load more than the machine's clock.

#include <cstdint>

namespace assay::points {

std::int64_t realtime_ns();   // since 1970
std::int64_t monotonic_ns();  // since any moment

// The machine's clocks, whatever the block says. Raw system calls: an interposer does not see them.
std::int64_t machine_realtime_ns();
std::int64_t machine_monotonic_ns();

}  // namespace assay::points
