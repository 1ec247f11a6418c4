#include "conformance/models/held_room.h"

#include <gtest/gtest.h>

#include "conformance/models/volatile_model.h"
#include "conformance/tests/models/observed_run.h"

namespace assay::conformance {
namespace {

class HeldRoomTest : public testing::Test, protected ObservedRun {
 protected:
  void stores(const char* key, std::size_t size, bool is_stored = true) {
    answered(0, set(key, std::string(size, 'x')), is_stored);
  }
  // Ten entries of 1,000 bytes, of which the second and the fourth go.
  void leave_two_holes() {
    for (const char* key : {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"}) stores(key, 1'000);
    for (const char* key : {"b", "d"}) answered(0, remove(key), true);
  }
  std::string refused(bool compacts = true, Eviction eviction = Eviction::no_entry) {
    CacheRules rules;
    rules.compacts = compacts;
    rules.eviction = eviction;
    return judge_data_cache(trace, observations, rules).refusal.value_or(Refusal{}).clause;
  }
};

TEST_F(HeldRoomTest, WhatWasHeldBeforeHasRoomAgain) {
  leave_two_holes();
  stores("new", 1'300, false);
  EXPECT_EQ(refused(), "ST-FUL-02");
  EXPECT_EQ(refused(false), "");
  EXPECT_EQ(refused(true, Eviction::all), "");
}

TEST_F(HeldRoomTest, MoreThanWasHeldMayBeRefused) {
  leave_two_holes();
  stores("new", 2'001, false);
  EXPECT_EQ(refused(), "");
}

TEST_F(HeldRoomTest, MoreEntriesThanBeforeMayBeRefused) {
  leave_two_holes();
  stores("k", 1, true);
  stores("l", 1, true);
  stores("m", 1, false);
  EXPECT_EQ(refused(), "");
}

TEST_F(HeldRoomTest, WhatIsOverwrittenStandsThereMeanwhile) {
  leave_two_holes();
  stores("a", 1'950, false);
  EXPECT_EQ(refused(), "");
  stores("a", 1'300, false);
  EXPECT_EQ(refused(), "ST-FUL-02");
}

TEST_F(HeldRoomTest, ARefusedOneIsNoRoom) {
  stores("a", 1'000);
  stores("b", 9'000, false);
  stores("c", 3'000, false);
  EXPECT_EQ(refused(), "");
}

TEST_F(HeldRoomTest, AfterWhatItDoesNotUnderstandAllIsAllowed) {
  leave_two_holes();
  answered(0, set("t", "x", 5), true);
  stores("new", 1'000, false);
  EXPECT_EQ(refused(), "");
}

TEST_F(HeldRoomTest, AClearGivesAllOfItBack) {
  leave_two_holes();
  answered(0, clear(), true);
  stores("new", 8'000, false);
  EXPECT_EQ(refused(), "ST-FUL-02");
}

}  // namespace
}  // namespace assay::conformance
