#include "reference/segment/bump_allocator.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <vector>

namespace assay::reference {
namespace {

constexpr std::uint64_t kTotal = 1 << 20;

// An allocator over memory in pieces of so many bytes, which need not be there.
class Pieces {
 public:
  explicit Pieces(std::uint64_t start, std::uint64_t piece_size = kTotal)
      : pieces_(BumpAllocator::count_of_pieces(kTotal, piece_size)) {
    allocator.initialize(kTotal, piece_size, start, pieces_.data());
  }
  MemoryPiece& operator[](std::size_t i) { return pieces_[i]; }

  BumpAllocator allocator;

 private:
  std::vector<MemoryPiece> pieces_;
};

void expect_adds_up(const BumpAllocator& allocator) {
  const MemoryUsage usage = allocator.usage();
  EXPECT_EQ(usage.used + usage.free + usage.wasted, usage.total);
  EXPECT_LE(usage.used, usage.total);
  EXPECT_EQ(usage.used % 8 + usage.free % 8 + usage.wasted % 8, 0u);
}

TEST(BumpAllocator, ABlockCostsItsRoundedSizeAndOneLine) {
  Pieces pieces(1024);
  BumpAllocator& allocator = pieces.allocator;
  const auto block = allocator.allocate(613);
  ASSERT_TRUE(block);
  EXPECT_EQ(*block % 64, 0u);
  EXPECT_EQ(allocator.free(), kTotal - 1024 - 616 - 64);
  expect_adds_up(allocator);
}

TEST(BumpAllocator, BlocksDoNotOverlapAndStayInside) {
  Pieces pieces(8);
  BumpAllocator& allocator = pieces.allocator;
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
  Pieces pieces(0);
  BumpAllocator& allocator = pieces.allocator;
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
  Pieces pieces(0);
  BumpAllocator& allocator = pieces.allocator;
  ASSERT_TRUE(allocator.allocate(1000));
  const MemoryUsage before = allocator.usage();
  allocator.set_wasted(1000);
  const MemoryUsage after = allocator.usage();
  EXPECT_EQ(after.wasted, before.wasted + 1000);
  EXPECT_EQ(after.used, before.used - 1000);
  EXPECT_EQ(after.free, before.free);
}

TEST(BumpAllocator, RestartTakesTheStateBackToTheStart) {
  Pieces pieces(512);
  BumpAllocator& allocator = pieces.allocator;
  const MemoryUsage fresh = allocator.usage();
  ASSERT_TRUE(allocator.allocate(5000));
  allocator.set_wasted(5000);
  allocator.restart();
  EXPECT_EQ(allocator.usage().free, fresh.free);
  EXPECT_EQ(allocator.usage().wasted, 0u);
}

TEST(BumpAllocator, RestartKeepsWhatIsKept) {
  Pieces pieces(512, 1 << 16);
  BumpAllocator& allocator = pieces.allocator;
  ASSERT_TRUE(allocator.allocate(60'000));
  ASSERT_TRUE(allocator.allocate(60'000));
  allocator.keep();
  const std::uint64_t kept = allocator.taken();
  ASSERT_TRUE(allocator.allocate(60'000));
  allocator.restart();
  EXPECT_EQ(allocator.taken(), kept);
  EXPECT_EQ(allocator.allocate(60'000).value() / (1 << 16), 2u) << "the third piece";
}

TEST(BumpAllocator, NoBlockCrossesAPiece) {  // SC-SEG-06
  constexpr std::uint64_t kPiece = 3 << 16;
  Pieces pieces(1000, kPiece);
  BumpAllocator& allocator = pieces.allocator;
  for (std::uint64_t size = 1000; size > 8; size -= size / 8) {
    while (const auto block = allocator.allocate(size)) {
      ASSERT_EQ(*block / kPiece, (*block + size - 1) / kPiece);
      ASSERT_EQ(allocator.latest_end(), allocator.latest_begin() + BumpAllocator::cost_of(size));
      expect_adds_up(allocator);
    }
  }
  EXPECT_LT(allocator.free(), 6 * 80u);
}

TEST(BumpAllocator, AllPiecesTogetherAreNoRoomForOneBlock) {
  Pieces pieces(0, 1 << 16);
  BumpAllocator& allocator = pieces.allocator;
  EXPECT_FALSE(allocator.allocate(1 << 16));
  EXPECT_EQ(allocator.free(), kTotal);
  EXPECT_TRUE(allocator.allocate((1 << 16) - 64));
}

TEST(BumpAllocator, WhatIsLeftOfAPieceIsUsedLater) {
  Pieces pieces(0, 1 << 16);
  BumpAllocator& allocator = pieces.allocator;
  ASSERT_EQ(allocator.allocate(40'000), std::optional<std::uint64_t>(0));
  ASSERT_EQ(allocator.allocate(40'000), std::optional<std::uint64_t>(1 << 16));
  EXPECT_LT(allocator.allocate(20'000).value(), 1u << 16);
}

TEST(BumpAllocator, AFrontLargerThanAPieceIsTakenOfEach) {
  Pieces pieces(100'000, 1 << 16);
  EXPECT_EQ(pieces.allocator.taken(), 100'000u);
  EXPECT_GE(pieces.allocator.allocate(1000).value(), 100'000u);
  expect_adds_up(pieces.allocator);
}

TEST(BumpAllocator, AnAllocationThatWasCutOffIsSettled) {  // GU-RES-03
  Pieces pieces(0, 1 << 16);
  BumpAllocator& allocator = pieces.allocator;
  ASSERT_TRUE(allocator.allocate(40'000));
  const std::uint64_t before = allocator.taken();
  pieces[0].position += 800;  // and its taker died
  EXPECT_EQ(allocator.taken(), before);
  allocator.settle();
  EXPECT_EQ(allocator.taken(), before + 800);
  expect_adds_up(allocator);
}

}  // namespace
}  // namespace assay::reference
