#pragma once

#include <cstdint>
#include <vector>

namespace assay::conformance {

// A choice of one value for each dimension, by its number.
using Row = std::vector<std::size_t>;

// Rows in which each pair of values of any two dimensions stands together at least once, in an order by `seed`: far
// fewer than all combinations. `sizes`: how many values each dimension has, at least one.
std::vector<Row> pairwise(const std::vector<std::size_t>& sizes, std::uint64_t seed);

}  // namespace assay::conformance
