#include "reference/strings/interned_strings.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "reference/segment/segment.h"
#include "reference/tests/lock/process_harness.h"

namespace assay::reference {
namespace {

constexpr std::uint64_t kStringsBytes = 1 << 20;

class InternedStringsTest : public testing::Test {
 protected:
  InternedStringsTest() { strings_.initialize(); }
  Segment segment_ = *Segment::create(kStringsBytes);
  InternedStrings strings_{segment_.data(), kStringsBytes};
};

TEST_F(InternedStringsTest, OneCopyOfEachString) {  // SC-INT-01
  const auto first = strings_.intern("hello");
  const auto again = strings_.intern(std::string("hello"));
  ASSERT_TRUE(first && again);
  EXPECT_EQ(first, again);
  EXPECT_EQ(first->view(), "hello");
  EXPECT_EQ(strings_.usage().strings, 1u);
  EXPECT_EQ(strings_.find("hello"), first);
  EXPECT_FALSE(strings_.find("hell"));
  EXPECT_TRUE(strings_.intern(std::string_view("hello\0", 6)));
  EXPECT_TRUE(strings_.intern(""));
  EXPECT_EQ(strings_.usage().strings, 3u);
}

TEST_F(InternedStringsTest, KeepsThoseOfAMarkWhereItIsCleared) {  // PL-STA-05
  std::vector<const StringData*> kept;
  for (int i = 0; i < 100; ++i) kept.push_back(strings_.intern("kept" + std::to_string(i)));
  const std::uint64_t mark = strings_.mark();
  const InternedUsage before = strings_.usage();
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(strings_.intern("gone" + std::to_string(i)));
  for (int time = 0; time < 2; ++time) {
    strings_.clear(mark);
    EXPECT_EQ(strings_.usage().strings, before.strings);
    EXPECT_EQ(strings_.usage().used, before.used);
    for (int i = 0; i < 100; ++i)
      EXPECT_EQ(strings_.find("kept" + std::to_string(i)), kept[static_cast<std::size_t>(i)]);
    EXPECT_FALSE(strings_.find("gone3"));
  }
  EXPECT_TRUE(strings_.intern("new"));
}

TEST_F(InternedStringsTest, UsedAndFreeAddUpUntilFull) {  // SC-INT-01, SC-INT-02
  int stored = 0;
  while (strings_.intern("string number " + std::to_string(stored))) {
    ++stored;
    const InternedUsage usage = strings_.usage();
    ASSERT_EQ(usage.used + usage.free, kStringsBytes);
    ASSERT_EQ(usage.strings, static_cast<std::uint64_t>(stored));
  }
  EXPECT_GT(stored, 10000);
  EXPECT_LT(strings_.usage().free, 64u);
  EXPECT_TRUE(strings_.intern("string number 5")) << "what is there is found though it is full";
  EXPECT_FALSE(strings_.intern(std::string(2 * kStringsBytes, 'x')));
}

TEST_F(InternedStringsTest, ClearReturnsToTheStart) {  // SC-INT-03
  const InternedUsage fresh = strings_.usage();
  for (int i = 0; i < 1000; ++i) strings_.intern(std::to_string(i));
  strings_.clear();
  EXPECT_EQ(strings_.usage().used, fresh.used);
  EXPECT_EQ(strings_.usage().strings, 0u);
  EXPECT_FALSE(strings_.find("7"));
  EXPECT_EQ(strings_.intern("7")->view(), "7");
}

TEST(InternedStrings, WithoutBufferNothingFits) {  // SC-INT-04
  InternedStrings none(nullptr, 0);
  none.initialize();
  EXPECT_FALSE(none.exists());
  EXPECT_FALSE(none.intern("a"));
  EXPECT_FALSE(none.find("a"));
  EXPECT_EQ(none.usage().buffer_size, 0u);
  none.clear();
}

TEST_F(InternedStringsTest, AKillAtAnyStepLeavesTheBufferWhole) {
  Faults faults;
  // Enough for the victim's chain to have strings that a wrong link would lose.
  constexpr int kBystanders = 10000;
  for (int i = 0; i < kBystanders; ++i) ASSERT_TRUE(strings_.intern("bystander" + std::to_string(i)));
  int round = 0;
  const int kills = faults.sweep_kills(
      "interned/*", [&] { ++round; }, [&] { strings_.intern("victim" + std::to_string(round)); },
      [&](int) {
        EXPECT_FALSE(strings_.find("victim" + std::to_string(round)));
        ASSERT_TRUE(strings_.intern("next" + std::to_string(round)));
        ASSERT_TRUE(strings_.intern("victim" + std::to_string(round)));
        EXPECT_EQ(strings_.find("victim" + std::to_string(round))->view(), "victim" + std::to_string(round));
        EXPECT_EQ(strings_.find("next" + std::to_string(round))->view(), "next" + std::to_string(round));
        EXPECT_EQ(strings_.usage().strings, static_cast<std::uint64_t>(kBystanders + 2 * round));
        for (int i = 0; i < kBystanders; ++i) ASSERT_TRUE(strings_.find("bystander" + std::to_string(i))) << i;
      });
  EXPECT_EQ(kills, 3);
}

TEST_F(InternedStringsTest, ReadersBesideAWriterSeeWholeStrings) {
  std::atomic<bool> done = false;
  std::atomic<int> wrong = 0, seen = 0;
  std::thread reader([&] {
    while (!done) {
      for (int i = 0; i < 500; ++i) {
        const auto found = strings_.find("text" + std::to_string(i));
        if (found && found->view() != "text" + std::to_string(i)) ++wrong;
        if (found) ++seen;
      }
    }
  });
  for (int i = 0; i < 500; ++i) {
    strings_.intern("text" + std::to_string(i));
    while (i == 250 && seen == 0) std::this_thread::yield();
  }
  done = true;
  reader.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace assay::reference
