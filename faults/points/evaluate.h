#pragma once

// The armed path in pieces, for the interposer, which knows the entries of its points in advance.

#include <cstdint>

#include "faults/points/layout.h"
#include "faults/points/point.h"

namespace assay::points {

// The index of the entry with this hash, or kNoPoint.
std::uint32_t find_entry(const Layout& block, std::uint64_t hash);

// One visit of the entry `index` under the flags `armed`, without counting it.
Visit visit_entry(Layout& block, std::uint32_t index, const char* name, std::uint32_t armed, std::int32_t worker);

}  // namespace assay::points
