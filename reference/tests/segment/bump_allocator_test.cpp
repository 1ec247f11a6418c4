#include "reference/segment/bump_allocator.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace assay::reference {
namespace {

constexpr std::uint64_t kTotal = 1 << 20;

void expect_adds_up(const BumpAllocator& allocator) {
  const MemoryUsage usage = allocator.usage();
  EXPECT_EQ(usage.used + usage.free + usage.wasted, usage.total);
  EXPECT_LE(usage.used, usage.total);
  EXPECT_EQ(usage.used % 8 + usage.free % 8 + usage.wasted % 8, 0u);
}

TEST(BumpAllocator, ABlockCostsItsRoundedSizeAndOneLine) {
  BumpAllocator allocator;
  allocator.initialize(kTotal, 1024);
  const auto block = allocator.allocate(613);
  ASSERT_TRUE(block);
  EXPECT_EQ(*block % 64, 0u);
  EXPECT_EQ(allocator.free(), kTotal - 1024 - 616 - 64);
  expect_adds_up(allocator);
}

TEST(BumpAllocator, BlocksDoNotOverlapAndStayInside) {
  BumpAllocator allocator;
  allocator.initialize(kTotal, 8);
  std::uint64_t end = 8;
  std::uint64_t blocks = 0;
  for (std::uint64_t size = 1;; size = size * 3 % 1999) {
    const auto block = blocks % 2 == 0 ? allocator.allocate(size) : allocator.allocate_packed(size);
    if (!block) break;
    ++blocks;
    ASSERT_GE(*block, end);
    end = *block + size;
    ASSERT_LE(end, kTotal);
    expect_adds_up(allocator);
  }
  EXPECT_GT(blocks, 100u);
}

TEST(BumpAllocator, RefusalChangesNothing) {
  BumpAllocator allocator;
  allocator.initialize(kTotal, 0);
  EXPECT_FALSE(allocator.allocate(kTotal - 63));
  EXPECT_FALSE(allocator.allocate(UINT64_MAX));
  EXPECT_FALSE(allocator.allocate(UINT64_MAX - 70));
  EXPECT_FALSE(allocator.allocate_packed(UINT64_MAX));
  EXPECT_EQ(allocator.free(), kTotal);
  EXPECT_TRUE(allocator.allocate(kTotal - 64));
  EXPECT_EQ(allocator.free(), 0u);
  EXPECT_FALSE(allocator.allocate_packed(1));
  expect_adds_up(allocator);
}

TEST(BumpAllocator, WasteMovesBytesFromUsedAndLeavesFreeAlone) {
  BumpAllocator allocator;
  allocator.initialize(kTotal, 0);
  ASSERT_TRUE(allocator.allocate(1000));
  const MemoryUsage before = allocator.usage();
  allocator.waste(1000);
  const MemoryUsage after = allocator.usage();
  EXPECT_EQ(after.wasted, before.wasted + 1000);
  EXPECT_EQ(after.used, before.used - 1000);
  EXPECT_EQ(after.free, before.free);
}

TEST(BumpAllocator, SetTakesTheStateBackToTheStart) {
  BumpAllocator allocator;
  allocator.initialize(kTotal, 512);
  const MemoryUsage fresh = allocator.usage();
  ASSERT_TRUE(allocator.allocate(5000));
  allocator.waste(5000);
  allocator.set(512, 0);
  EXPECT_EQ(allocator.usage().free, fresh.free);
  EXPECT_EQ(allocator.usage().wasted, 0u);
}

}  // namespace
}  // namespace assay::reference
