#include "reference/segment/segment.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace assay::reference {
namespace {

std::string memory_map() {
  std::ifstream file("/proc/self/maps");
  return {std::istreambuf_iterator<char>(file), {}};
}

class SegmentModel : public testing::TestWithParam<std::pair<const char*, MemoryModel>> {};

TEST_P(SegmentModel, IsSharedWithChildrenInBothDirections) {
  auto segment = Segment::create(1 << 20, GetParam().first);
  ASSERT_TRUE(segment) << segment.error().message;
  EXPECT_EQ(segment->model(), GetParam().second);
  EXPECT_EQ(segment->size(), 1u << 20);
  segment->data()[100] = std::byte{1};
  const pid_t child = fork();
  if (child == 0) {
    segment->data()[200] = std::byte{2};
    _exit(segment->data()[100] == std::byte{1} ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_EQ(segment->data()[200], std::byte{2});
}

TEST_P(SegmentModel, StartsZeroedAndLeavesNoName) {
  auto segment = Segment::create(1 << 20, GetParam().first);
  ASSERT_TRUE(segment);
  for (std::size_t i = 0; i < segment->size(); ++i) ASSERT_EQ(segment->data()[i], std::byte{0});
  for (const auto& file : std::filesystem::directory_iterator("/dev/shm")) {
    EXPECT_NE(file.path().filename().string(), "assay-" + std::to_string(getpid()));
  }
}

INSTANTIATE_TEST_SUITE_P(Models, SegmentModel,
                         testing::Values(std::pair{"mmap", MemoryModel::mmap}, std::pair{"shm", MemoryModel::system_v},
                                         std::pair{"cgi", MemoryModel::system_v},
                                         std::pair{"posix", MemoryModel::posix}, std::pair{"", MemoryModel::mmap},
                                         std::pair{"bogus", MemoryModel::mmap}));

// Each mapping of the process whose name contains the text, in bytes, from low addresses to high ones.
std::vector<std::size_t> mapped_sizes(const std::string& name) {
  std::vector<std::size_t> sizes;
  std::istringstream lines(memory_map());
  for (std::string line; std::getline(lines, line);) {
    unsigned long from = 0, to = 0;
    if (line.find(name) != std::string::npos && std::sscanf(line.c_str(), "%lx-%lx", &from, &to) == 2)
      sizes.push_back(to - from);
  }
  return sizes;
}

TEST(Segment, SystemVMemoryComesInPiecesSideBySide) {  // SC-SEG-11
  constexpr std::size_t kPiece = Segment::kLargestPiece;
  {
    const auto segment = *Segment::create(2 * kPiece + 12'345, "shm");
    EXPECT_EQ(segment.piece_size(), kPiece);
    EXPECT_EQ(mapped_sizes("/SYSV"), (std::vector<std::size_t>{kPiece, kPiece, 16'384}));
    for (const std::size_t at : {std::size_t{0}, kPiece - 1, kPiece, 2 * kPiece + 12'344})
      segment.data()[at] = std::byte{7};
  }
  EXPECT_TRUE(mapped_sizes("/SYSV").empty());
}

TEST(Segment, OtherMemoryIsOnePiece) {  // SC-SEG-05
  constexpr std::size_t kSize = 3 * Segment::kLargestPiece;
  const auto mapped = *Segment::create(kSize, "mmap");
  const auto posix = *Segment::create(kSize, "posix");
  for (const Segment* each : {&mapped, &posix}) EXPECT_EQ(each->piece_size(), kSize);
  EXPECT_EQ(mapped_sizes("/dev/shm/assay-"), std::vector<std::size_t>{kSize});
}

TEST(Segment, RefusalNamesSizePrimitiveAndCause) {
  const std::size_t too_much = std::size_t{1} << 60;
  auto segment = Segment::create(too_much, "mmap");
  ASSERT_FALSE(segment);
  EXPECT_EQ(segment.error().code, ENOMEM);
  EXPECT_NE(segment.error().message.find(std::to_string(too_much)), std::string::npos);
  EXPECT_NE(segment.error().message.find("mmap"), std::string::npos);
}

TEST(Segment, MoveTransfersTheMappingAndTheEndUnmapsIt) {
  std::string range;
  {
    Segment first = *Segment::create(12345 * 4096);
    Segment second = std::move(first);
    EXPECT_EQ(first.data(), nullptr);
    ASSERT_NE(second.data(), nullptr);
    second = *Segment::create(4096);
    char text[32];
    std::snprintf(text, sizeof text, "%lx-", reinterpret_cast<unsigned long>(second.data()));
    range = text;
    EXPECT_NE(memory_map().find(range), std::string::npos);
  }
  EXPECT_EQ(memory_map().find(range), std::string::npos);
}

// What becomes of a child that writes one byte there.
bool can_write(const Segment& segment) {
  const pid_t child = fork();
  if (child == 0) {
    segment.data()[0] = std::byte{1};
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status);
}

TEST_P(SegmentModel, ProtectedMemoryIsWrittenOnlyByWhoSaysSo) {  // SC-SEC-04
  auto segment = *Segment::create(1 << 20, GetParam().first);
  EXPECT_TRUE(can_write(segment));
  ASSERT_TRUE(segment.protect());
  EXPECT_FALSE(can_write(segment));
  {
    const Segment::Writing outer(segment);
    { const Segment::Writing inner(segment); }
    EXPECT_TRUE(can_write(segment));
  }
  EXPECT_FALSE(can_write(segment));
}

}  // namespace
}  // namespace assay::reference
