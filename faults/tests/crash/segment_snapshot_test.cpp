#include "faults/crash/segment_snapshot.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "faults/tests/crash/server_process.h"

namespace assay::crash {
namespace {

constexpr std::size_t kPage = 4096;

// Changes a page that was written before, writes one that was never touched, and empties one.
void three_pages(volatile std::byte* memory) {
  memory[0] = std::byte{2};
  memory[10 * kPage + 5] = std::byte{3};
  memory[20 * kPage] = std::byte{0};
}

Segment segment_of(const ServerProcess& server) {
  auto all = shared_segments(server.pid());
  EXPECT_TRUE(all.has_value());
  for (const Segment& segment : *all) {
    if (segment.address == reinterpret_cast<std::uint64_t>(server.memory())) return segment;
  }
  ADD_FAILURE() << "there is no such segment";
  return {};
}

class SegmentSnapshotTest : public testing::Test {
 protected:
  SegmentSnapshotTest() : server_(three_pages) {
    server_.memory()[0] = std::byte{1};
    server_.memory()[20 * kPage] = std::byte{7};
  }
  Expected<SegmentMemory> memory() { return SegmentMemory::open(server_.pid(), segment_of(server_)); }
  ServerProcess server_;
};

TEST_F(SegmentSnapshotTest, PutsBackWhatOthersChanged) {
  const std::vector<std::byte> before(server_.memory(), server_.memory() + ServerProcess::kSize);
  auto snapshot = SegmentSnapshot::take(*memory());
  ASSERT_TRUE(snapshot) << snapshot.error().message;
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(server_.request());
    ASSERT_EQ(server_.memory()[10 * kPage + 5], std::byte{3});
    ASSERT_TRUE(snapshot->put_back());
    EXPECT_TRUE(std::equal(before.begin(), before.end(), server_.memory()));
  }
}

TEST_F(SegmentSnapshotTest, OnlyTouchedPagesAreLookedAt) {
  EXPECT_EQ(memory()->touched_pages(), (std::vector<std::size_t>{0, 20}));
  ASSERT_TRUE(server_.request());
  EXPECT_EQ(memory()->touched_pages(), (std::vector<std::size_t>{0, 10, 20}));
}

TEST_F(SegmentSnapshotTest, AnImageHasAllBytesAndTouchesNothing) {
  const auto image = memory()->image();
  ASSERT_TRUE(image) << image.error().message;
  EXPECT_EQ(memory()->touched_pages(), (std::vector<std::size_t>{0, 20}));
  EXPECT_TRUE(std::equal(image->begin(), image->end(), server_.memory(), server_.memory() + ServerProcess::kSize));
}

}  // namespace
}  // namespace assay::crash
