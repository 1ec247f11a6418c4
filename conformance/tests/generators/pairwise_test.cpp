#include "conformance/generators/pairwise.h"

#include <gtest/gtest.h>

namespace assay::conformance {
namespace {

std::size_t missing_pairs(const std::vector<std::size_t>& sizes, const std::vector<Row>& rows) {
  std::size_t missing = 0;
  for (std::size_t a = 0; a < sizes.size(); ++a)
    for (std::size_t b = a + 1; b < sizes.size(); ++b)
      for (std::size_t x = 0; x < sizes[a]; ++x)
        for (std::size_t y = 0; y < sizes[b]; ++y) {
          bool found = false;
          for (const Row& row : rows) found = found || (row[a] == x && row[b] == y);
          missing += found ? 0 : 1;
        }
  return missing;
}

TEST(Pairwise, EveryPairOfValuesStandsTogether) {
  const std::vector<std::size_t> sizes = {9, 2, 2, 3, 2, 3, 2, 2, 4};
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto rows = pairwise(sizes, seed);
    EXPECT_EQ(missing_pairs(sizes, rows), 0u) << seed;
    EXPECT_GE(rows.size(), 36u) << "as many as the two largest dimensions have pairs";
    EXPECT_LE(rows.size(), 50u) << "far fewer than all 20736 combinations";
  }
}

TEST(Pairwise, OneSeedGivesTheSameRowsAndAnotherGivesOthers) {
  const std::vector<std::size_t> sizes = {3, 3, 3, 2};
  EXPECT_EQ(pairwise(sizes, 7), pairwise(sizes, 7));
  EXPECT_NE(pairwise(sizes, 7), pairwise(sizes, 8));
}

TEST(Pairwise, OneDimensionAndOneValueAreFine) {
  EXPECT_EQ(pairwise({3}, 1).size(), 3u);
  EXPECT_EQ(pairwise({1, 1}, 1), std::vector<Row>{Row({0, 0})});
  EXPECT_TRUE(pairwise({}, 1).empty());
}

}  // namespace
}  // namespace assay::conformance
