#include "faults/crash/string_instruction.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <vector>

namespace assay::crash {
namespace {

std::optional<StringStore> parsed(std::initializer_list<int> bytes) {
  std::vector<std::byte> code;
  for (const int byte : bytes) code.push_back(static_cast<std::byte>(byte));
  return parse_string_store(code);
}

TEST(StringInstruction, KnowsTheFourThatStore) {
  EXPECT_EQ(parsed({0xf3, 0xaa})->width, 1u);
  EXPECT_EQ(parsed({0xf3, 0xa4})->length, 2u);
  EXPECT_EQ(parsed({0xf3, 0xab})->width, 4u);
  EXPECT_EQ(parsed({0xf3, 0x48, 0xa5})->width, 8u);
  EXPECT_EQ(parsed({0xf3, 0x48, 0xa5})->length, 3u);
  EXPECT_EQ(parsed({0x66, 0xf3, 0xab})->width, 2u);
}

TEST(StringInstruction, LeavesOthersAlone) {
  EXPECT_FALSE(parsed({0xaa})) << "once";
  EXPECT_FALSE(parsed({0xf3, 0x0f, 0x7f, 0x07})) << "movdqu";
  EXPECT_FALSE(parsed({0x48, 0x89, 0x07}));
  EXPECT_FALSE(parsed({}));
}

}  // namespace
}  // namespace assay::crash
