#include "conformance/models/judge_reservations.h"

#include "conformance/tests/models/observed_run.h"

#include <gtest/gtest.h>

namespace assay::conformance {
namespace {

class ReservationModelTest : public testing::Test, protected ObservedRun {
 protected:
  static Operation lock(const char* key, std::int64_t lease = 0) {
    return make_operation(OperationKind::cache_lock, {{"key", key}, {"lease", lease}});
  }
  static Operation unlock(const char* key) { return make_operation(OperationKind::cache_unlock, {{"key", key}}); }
  std::string refused() {
    const Judgement judgement = judge_reservations(trace, observations, rules);
    return judgement.refusal.value_or(Refusal{}).clause;
  }
  ReservationRules rules;
};

TEST_F(ReservationModelTest, WithoutABackendNothingIsJudged) {
  trace.configuration.pools[0].ini["opcache.static_cache.volatile_size_mb"] = "0";
  answered(0, lock("a"), false);
  EXPECT_EQ(refused(), "");
  EXPECT_EQ(judge_reservations(trace, observations, rules).not_judged, "a backend is off");
}

TEST_F(ReservationModelTest, WithoutALeaseItEndsWithItsRequest) {
  answered(0, lock("a"), true);
  then(lock("a"), true);
  answered(1, lock("a"), true);
  then(unlock("a"), true);
  then(unlock("a"), false);
  EXPECT_EQ(refused(), "");
  answered(0, lock("a"), false);
  EXPECT_EQ(refused(), "ST-LCK-01");
}

TEST_F(ReservationModelTest, TheHolderIsNeverRefused) {
  answered(0, lock("a"), true);
  then(lock("a"), false);
  EXPECT_EQ(refused(), "ST-LCK-04");
}

TEST_F(ReservationModelTest, UnlockIsForTheHolder) {
  answered(0, lock("a", 10), true);
  answered(0, unlock("a"), true);
  EXPECT_EQ(refused(), "ST-LCK-05");
}

TEST_F(ReservationModelTest, TheHoldersUnlockIsNotRefused) {
  answered(0, lock("a"), true);
  then(unlock("a"), false);
  EXPECT_EQ(refused(), "ST-LCK-05");
}

TEST_F(ReservationModelTest, ALeaseLastsItsTime) {
  answered(0, lock("a", 10), true);
  advance(9);
  answered(1, lock("a"), false);
  EXPECT_EQ(refused(), "");
  advance(1);  // either
  answered(1, lock("a"), true);
  EXPECT_EQ(refused(), "");
}

// What was over may have been forgotten by then.
TEST_F(ReservationModelTest, ALeaseNeedNotComeBackWithTheClock) {
  for (const std::int64_t seconds : {10, 11}) {
    answered(0, lock("a", 10), true);
    advance(seconds);
    advance(-5);
    answered(1, lock("a"), true);
    then(unlock("a"), true);
  }
  EXPECT_EQ(refused(), "");
  answered(0, lock("a", 10), true);
  advance(9);
  advance(-5);
  answered(1, lock("a"), true);
  EXPECT_EQ(refused(), "ST-LCK-12");
}

TEST_F(ReservationModelTest, ALeaseIsNotTakenOver) {
  answered(0, lock("a", 10), true);
  advance(9);
  answered(1, lock("a"), true);
  EXPECT_EQ(refused(), "ST-LCK-12");
}

TEST_F(ReservationModelTest, ALeaseThatIsOverRefusesNobody) {
  answered(0, lock("a", 10), true);
  advance(11);
  answered(1, lock("a"), false);
  EXPECT_EQ(refused(), "ST-LCK-01");
}

TEST_F(ReservationModelTest, AnotherKeyRefusesOnlyWhereKeysShareGroups) {
  answered(0, lock("a", 10), true);
  answered(1, lock("b"), false);
  EXPECT_EQ(refused(), "");
  rules.exact = true;
  EXPECT_EQ(refused(), "ST-LCK-01");
}

TEST_F(ReservationModelTest, StoresDeletionsAndClearsEndIt) {
  for (const Operation& ends : {set("a", 1), remove("a"), clear()}) {
    answered(0, lock("a", 10), true);
    then(ends, true);
    then(unlock("a"), false);
    answered(1, lock("a"), true);
  }
  EXPECT_EQ(refused(), "");
  answered(0, lock("b"), true);
  then(set("b", 1), false);
  then(unlock("b"), false);
  EXPECT_EQ(refused(), "ST-LCK-05");
}

TEST_F(ReservationModelTest, FaultsAreNotJudged) {
  act(ActionKind::arm, {{"point", "static/*"}, {"effect", "fail"}});
  answered(0, lock("a"), true);
  then(lock("a"), false);
  EXPECT_EQ(refused(), "");
}

}  // namespace
}  // namespace assay::conformance
