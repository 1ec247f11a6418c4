#include "reference/static_cache/block_heap.h"

#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <random>
#include <vector>

namespace assay::reference {
namespace {

class BlockHeapTest : public testing::Test {
 protected:
  BlockHeapTest() { heap_.reset(); }
  alignas(64) std::vector<std::byte> memory_ = std::vector<std::byte>(1 << 18);
  BlockHeap heap_{memory_.data(), memory_.size()};
};

TEST_F(BlockHeapTest, BlocksNeverOverlapAndAllRoomComesBack) {
  std::mt19937 random(7);
  std::map<std::uint32_t, std::uint64_t> blocks;
  for (int i = 0; i < 20000; ++i) {
    const std::uint64_t units = 1 + random() % (i % 7 == 0 ? 300 : 9);
    const auto first = heap_.allocate(units);
    if (first) {
      const auto next = blocks.lower_bound(*first);
      ASSERT_TRUE(next == blocks.end() || *first + units <= next->first);
      ASSERT_TRUE(next == blocks.begin() || std::prev(next)->first + std::prev(next)->second <= *first);
      ASSERT_TRUE(heap_.contains(*first, units));
      std::memset(heap_.at(*first), 0xff, units * BlockHeap::kUnit);
      blocks.emplace(*first, units);
    }
    if (!blocks.empty() && (!first || random() % 3 == 0)) {
      auto victim = blocks.begin();
      std::advance(victim, random() % blocks.size());
      heap_.release(victim->first, victim->second);
      blocks.erase(victim);
    }
  }
  std::uint64_t used = 0;
  for (const auto& [first, units] : blocks) used += units;
  EXPECT_EQ(heap_.used_units(), used);
  for (const auto& [first, units] : blocks) heap_.release(first, units);
  EXPECT_EQ(heap_.used_units(), 0u);
  EXPECT_TRUE(heap_.allocate(heap_.capacity_units()));
}

TEST_F(BlockHeapTest, ExactlyItsCapacityFits) {
  EXPECT_FALSE(heap_.allocate(heap_.capacity_units() + 1));
  EXPECT_FALSE(heap_.allocate(0));
  const auto all = heap_.allocate(heap_.capacity_units());
  ASSERT_TRUE(all);
  EXPECT_EQ(*all, 1u);
  EXPECT_FALSE(heap_.allocate(1));
  heap_.release(*all, heap_.capacity_units());
  EXPECT_TRUE(heap_.allocate(1));
}

TEST_F(BlockHeapTest, ARefusalEndsWhenSomethingIsGivenBack) {
  const auto half = heap_.capacity_units() / 2;
  const auto left = heap_.allocate(half);
  const auto right = heap_.allocate(heap_.capacity_units() - half - 8);
  ASSERT_TRUE(left && right);
  EXPECT_FALSE(heap_.allocate(9));
  EXPECT_FALSE(heap_.allocate(9));
  EXPECT_TRUE(heap_.allocate(8)) << "less than what was refused";
  heap_.release(*left, half);
  EXPECT_TRUE(heap_.allocate(9));
  EXPECT_FALSE(heap_.allocate(half));
  heap_.reset();
  EXPECT_TRUE(heap_.allocate(half));
}

TEST_F(BlockHeapTest, ContainsRefusesNumbersThatMakeNoSense) {
  EXPECT_FALSE(heap_.contains(0, 1));
  EXPECT_FALSE(heap_.contains(1, heap_.capacity_units() + 1));
  EXPECT_FALSE(heap_.contains(UINT64_MAX, 2));
  EXPECT_FALSE(heap_.contains(2, UINT64_MAX));
  EXPECT_TRUE(heap_.contains(1, heap_.capacity_units()));
}

TEST_F(BlockHeapTest, IsMadeAnewFromWhatIsReachable) {
  const auto kept = *heap_.allocate(10);
  heap_.allocate(20);
  heap_.reset();
  heap_.reserve(kept, 10);
  EXPECT_EQ(heap_.used_units(), 10u);
  const auto other = *heap_.allocate(heap_.capacity_units() - 10);
  EXPECT_GE(other, kept + 10);
}

}  // namespace
}  // namespace assay::reference
