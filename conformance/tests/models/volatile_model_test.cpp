#include "conformance/models/volatile_model.h"

#include "conformance/tests/models/observed_run.h"

#include <gtest/gtest.h>

namespace assay::conformance {
namespace {

class DataCacheTest : public testing::Test, protected ObservedRun {
 protected:
  // The clause of the refusal, "" where all is allowed.
  std::string refused() {
    const Judgement judgement = judge_data_cache(trace, observations, rules);
    last = judgement.refusal.value_or(Refusal{});
    return last.clause;
  }
  CacheRules rules;
  Refusal last;
};

TEST_F(DataCacheTest, SetThenGet) {
  answered(0, get("a"), nullptr);
  answered(0, set("a", 1), true);
  answered(1, get("a"), 1);
  answered(1, has("a"), true);
  answered(1, set("a", "two"), true);
  answered(0, get("a", "standard"), "two");
  answered(0, remove("a"), true);
  answered(1, get("a", "standard"), "standard");
  answered(1, has("a"), false);
  EXPECT_EQ(refused(), "");
}

TEST_F(DataCacheTest, OverwrittenValueIsRefusedWithItsPlace) {
  answered(0, set("a", 1), true);
  answered(0, set("a", 2), true);
  answered(1, get("a"), 1);
  EXPECT_EQ(refused(), "GU-VAL-04");
  EXPECT_EQ(last.step, 2u);
  EXPECT_NE(last.message.find("The key holds: 2"), std::string::npos) << last.message;
}

TEST_F(DataCacheTest, HitWithoutAnEntry) {
  answered(0, get("a"), 1);
  EXPECT_EQ(refused(), "ST-GET-02");
}

TEST_F(DataCacheTest, MissOfALiveEntry) {
  answered(0, set("a", 1), true);
  answered(1, get("a", "standard"), "standard");
  EXPECT_EQ(refused(), "ST-GET-01");
  rules.eviction = Eviction::some;
  EXPECT_EQ(refused(), "ST-FUL-04");  // nothing was stored that it could have made room for
}

TEST_F(DataCacheTest, StoredNullIsAHit) {
  answered(0, set("a", nullptr), true);
  answered(1, get("a", "standard"), nullptr);
  EXPECT_EQ(refused(), "");
  answered(1, get("a", "standard"), "standard");
  EXPECT_EQ(refused(), "ST-GET-01");
}

TEST_F(DataCacheTest, AValueThatIsAlsoTheDefaultSaysLittle) {
  answered(0, get("a", 1), 1);
  answered(0, set("a", 1), true);
  answered(0, get("a", 1), 1);
  EXPECT_EQ(refused(), "");
}

TEST_F(DataCacheTest, ExpiryIsExclusiveUnlessDeclared) {
  answered(0, set("a", 1, 10), true);
  advance(9);
  answered(0, get("a"), 1);
  advance(1);
  answered(0, get("a"), 1);
  EXPECT_EQ(refused(), "ST-TTL-04");
  rules.edge_inclusive = true;
  EXPECT_EQ(refused(), "");
  advance(1);
  answered(0, get("a"), 1);
  EXPECT_EQ(refused(), "ST-TTL-04");
}

TEST_F(DataCacheTest, TooEarlyExpiry) {
  answered(0, set("a", 1, 10), true);
  advance(9);
  answered(0, get("a"), nullptr);
  EXPECT_EQ(refused(), "ST-GET-01");
}

TEST_F(DataCacheTest, ExpiredStaysExpiredOnceTold) {
  answered(0, set("a", 1, 10), true);
  answered(0, set("b", 1, 10), true);
  advance(20);
  answered(0, get("a"), nullptr);
  advance(-15);
  answered(0, get("b"), 1);  // nobody was told: both answers are allowed
  EXPECT_EQ(refused(), "");
  observations.back().reply = Reply::of(nullptr);
  EXPECT_EQ(refused(), "");
  answered(0, get("a"), 1);
  EXPECT_EQ(refused(), "GU-IDN-04");
}

TEST_F(DataCacheTest, ASteadyClockMayIgnoreStepsBack) {
  answered(0, set("a", 1, 10), true);
  advance(-5);
  advance(10);
  answered(0, get("a"), nullptr);
  EXPECT_EQ(refused(), "ST-GET-01");
  rules.steady_clock = true;
  EXPECT_EQ(refused(), "");
  observations.back().reply = Reply::of(1);
  EXPECT_EQ(refused(), "");
}

TEST_F(DataCacheTest, WithoutAVirtualClockWhateverHasATimeMayBeOver) {
  answered(0, set("a", 1, 10), true);
  answered(0, set("b", 1), true);
  answered(0, get("a"), nullptr);
  EXPECT_EQ(refused(), "ST-GET-01");
  rules.real_clock = true;
  EXPECT_EQ(refused(), "");
  answered(0, get("b"), nullptr);
  EXPECT_EQ(refused(), "ST-GET-01");
}

TEST_F(DataCacheTest, OverwritingRestartsTheTime) {
  answered(0, set("a", 1, 10), true);
  advance(5);
  answered(0, set("a", 1), true);
  advance(100);
  answered(0, get("a"), nullptr);
  EXPECT_EQ(refused(), "ST-GET-01");
}

TEST_F(DataCacheTest, LargestTimeDoesNotWrap) {
  answered(0, set("a", 1, std::numeric_limits<std::int64_t>::max()), true);
  answered(0, get("a"), nullptr);
  EXPECT_EQ(refused(), "ST-GET-01");
}

TEST_F(DataCacheTest, RefusalKeepsTheOldValue) {
  answered(0, set("a", 1), true);
  answered(0, set("a", 2), false);
  answered(0, get("a"), 1);
  EXPECT_EQ(refused(), "");
  rules.may_refuse = false;
  EXPECT_EQ(refused(), "ST-SET-01");
  rules.may_refuse = true;
  observations.back().reply = Reply::of(2);
  EXPECT_EQ(refused(), "GU-VAL-04");
}

TEST_F(DataCacheTest, ClearEmptiesAllKeys) {
  answered(0, set("a", 1), true);
  answered(0, set("b", 2), true);
  answered(1, clear(), true);
  answered(0, get("b"), 2);
  EXPECT_EQ(refused(), "ST-GET-02");
}

TEST_F(DataCacheTest, ReloadEmptiesAllKeys) {
  answered(0, set("a", 1), true);
  act(ActionKind::reload, {});
  answered(0, get("a"), 1);
  EXPECT_EQ(refused(), "ST-GET-02");
}

TEST_F(DataCacheTest, BackendsAreApart) {
  answered(0, set("a", 1), true);
  answered(0, make_operation(OperationKind::cache_get, {{"key", "a"}, {"backend", "pinned"}}), 1);
  EXPECT_EQ(refused(), "ST-GET-02");
}

TEST_F(DataCacheTest, SeveralKeysAreSeveralOperations) {
  const Value values = Value::map({{Key("a"), 1}, {Key("b"), 2}});
  answered(0, make_operation(OperationKind::cache_set_multiple, {{"values", values}}), true);
  answered(1, make_operation(OperationKind::cache_get_multiple, {{"keys", Value::list({"b", "a", "c"})}}),
           Value::map({{Key("b"), 2}, {Key("a"), 1}, {Key("c"), nullptr}}));
  EXPECT_EQ(refused(), "");
  answered(1, make_operation(OperationKind::cache_get_multiple, {{"keys", Value::list({"b", "a"})}}),
           Value::map({{Key("b"), 1}, {Key("a"), 1}}));
  EXPECT_EQ(refused(), "GU-VAL-04");
}

TEST_F(DataCacheTest, ARequestThatDiedHappenedOrNot) {
  answered(0, set("a", 1), true);
  answered(0, set("a", 2), Reply::not_run()).outcome = Outcome::Kind::died;
  answered(1, get("a"), 2);
  EXPECT_EQ(refused(), "");
  answered(1, get("a"), 1);
  EXPECT_EQ(refused(), "GU-VAL-04");
}

TEST_F(DataCacheTest, ProperCallsDoNotThrow) {
  answered(0, set("", 1), Reply::thrown("ValueError", "key"));
  answered(0, set("a", 1, -1), Reply::thrown("ValueError", "ttl"));
  answered(0, set("exception", 1), Reply::thrown("ValueError", "the name of a class"));
  EXPECT_EQ(refused(), "");
  answered(0, set("a", 1), Reply::thrown("Error", "no"));
  EXPECT_EQ(refused(), "ST-GET-12");
}

TEST_F(DataCacheTest, FaultsExcuseFailuresButNotWrongValues) {
  act(ActionKind::arm, {{"point", "lock.acquire"}, {"effect", "fail"}});
  answered(0, set("a", 1), Reply::thrown("Error", "no"));
  answered(0, get("a", "standard"), false);
  answered(0, get("a"), 1);
  EXPECT_EQ(refused(), "");
  answered(0, get("a"), 3);
  EXPECT_EQ(refused(), "GU-VAL-04");
}

TEST_F(DataCacheTest, CountersFollowWhatTheyHeld) {
  const auto add = [](std::int64_t by) {
    return make_operation(OperationKind::cache_increment, {{"key", "n1"}, {"step", by}});
  };
  answered(0, add(7), 7);
  answered(1, add(-2), 5);
  answered(1, make_operation(OperationKind::cache_decrement, {{"key", "n1"}, {"step", 5}}), 0);
  EXPECT_EQ(refused(), "");
  answered(1, add(1), 2);
  EXPECT_EQ(refused(), "ST-CNT-01");
  observations.back().reply = Reply::of(false);  // an existing integer needs no room (ST-CNT-06)
  EXPECT_EQ(refused(), "ST-CNT-01");
}

TEST_F(DataCacheTest, ANewCounterNeedsRoom) {
  answered(0, make_operation(OperationKind::cache_increment, {{"key", "n1"}}), false);
  EXPECT_EQ(refused(), "");
  rules.may_refuse = false;
  EXPECT_EQ(refused(), "ST-CNT-01");
}

TEST_F(DataCacheTest, CounterOnTextIsRefused) {
  answered(0, make_operation(OperationKind::cache_set, {{"key", "n1"}, {"value", "5"}, {"backend", "pinned"}}), true);
  answered(0, make_operation(OperationKind::cache_increment, {{"key", "n1"}}), false);
  rules.may_refuse = false;
  EXPECT_EQ(refused(), "");
  answered(0, make_operation(OperationKind::cache_increment, {{"key", "n1"}}), 6);
  EXPECT_EQ(refused(), "ST-CNT-01");
}

TEST_F(DataCacheTest, ThePinnedBackendTakesNoTimeToLive) {
  const auto stored =
      make_operation(OperationKind::cache_set, {{"key", "n1"}, {"value", 1}, {"ttl", 5}, {"backend", "pinned"}});
  answered(0, stored, true);
  EXPECT_EQ(refused(), "ST-TTL-01");
  observations.back().reply = Reply::thrown("ArgumentCountError", "none");
  answered(0, make_operation(OperationKind::cache_get, {{"key", "n1"}, {"backend", "pinned"}}), nullptr);
  EXPECT_EQ(refused(), "");
}

TEST_F(DataCacheTest, ThePinnedBackendEvictsNothing) {
  rules.eviction = Eviction::some;
  answered(0, make_operation(OperationKind::cache_set, {{"key", "n1"}, {"value", 1}, {"backend", "pinned"}}), true);
  answered(0, make_operation(OperationKind::cache_get, {{"key", "n1"}, {"backend", "pinned"}}), nullptr);
  EXPECT_EQ(refused(), "ST-GET-01");
}

TEST_F(DataCacheTest, EntryCountIsBetweenLiveAndStored) {
  answered(0, set("a", 1), true);
  answered(0, set("b", 1, 5), true);
  advance(5);
  const auto counted = [](int n) { return Value::map({{Key("entry_count"), n}}); };
  answered(0, info(), counted(2));
  answered(0, info(), counted(1));
  EXPECT_EQ(refused(), "");
  answered(0, info(), counted(0));
  EXPECT_EQ(refused(), "ST-AVL-09");
  observations.back().reply = Reply::of(counted(3));
  EXPECT_EQ(refused(), "ST-AVL-09");
}

TEST_F(DataCacheTest, AfterARequestForARestartEntriesMayGo) {
  answered(0, set("a", 1), true);
  answered(0, make_operation(OperationKind::reset, {}), true);
  answered(0, get("a"), nullptr);
  EXPECT_EQ(refused(), "");
}

// ---- what other caches have beside the proposal ----

Operation add(const char* key, Value value, std::int64_t ttl = 0) {
  return make_operation(OperationKind::cache_add, {{"key", key}, {"value", std::move(value)}, {"ttl", ttl}});
}
Operation count(const char* key, std::int64_t step = 1) {
  return make_operation(OperationKind::cache_increment, {{"key", key}, {"step", step}, {"backend", "volatile"}});
}
Operation remember(const char* key, Value value, bool throws = false) {
  return make_operation(OperationKind::cache_remember, {{"key", key}, {"value", std::move(value)}, {"throws", throws}});
}
Operation keys() {
  return make_operation(OperationKind::cache_keys, {});
}

TEST_F(DataCacheTest, AnAddIsDoneWhereThereIsNoLiveEntryAlone) {
  rules.may_refuse = false;
  answered(0, add("a", 1, 10), true);
  answered(1, add("a", 2), false);
  answered(0, get("a"), 1);
  advance(20);
  answered(1, add("a", 3), true);
  answered(0, get("a"), 3);
  EXPECT_EQ(refused(), "");
  answered(0, add("a", 4), true);
  EXPECT_EQ(refused(), "ST-EXT-01");
  observations.back().reply = Reply::of(false);
  EXPECT_EQ(refused(), "");
  answered(0, remove("a"), true);
  answered(0, add("a", 5), false);
  EXPECT_EQ(refused(), "ST-EXT-01");
}

TEST_F(DataCacheTest, CountingKeepsTheTimeAndBeginsAnewAfterIt) {
  answered(0, set("n", 10, 10), true);
  advance(5);
  answered(1, count("n"), 11);
  advance(10);
  answered(0, count("n", 2), 2);
  advance(1'000);
  answered(1, get("n"), 2);
  EXPECT_EQ(refused(), "");
  answered(1, count("n"), 12);
  EXPECT_EQ(refused(), "ST-CNT-01");
}

TEST_F(DataCacheTest, ARememberedValueIsComputedWhereThereIsNone) {
  rules.may_refuse = false;  // else it may not have been stored
  answered(0, remember("a", 1), Value::list({1, true}));
  answered(1, remember("a", 2), Value::list({1, false}));
  answered(1, remember("a", 3, true), Value::list({1, false}));
  answered(0, remove("a"), true);
  answered(0, remember("a", 4, true), Reply::thrown("LogicException", "on purpose"));
  answered(0, get("a", "none"), "none");
  EXPECT_EQ(refused(), "");
  answered(1, remember("a", 5), Value::list({1, false}));
  EXPECT_NE(refused(), "");
  observations.back().reply = Reply::of(Value::list({5, true}));
  EXPECT_EQ(refused(), "");
  answered(1, remember("a", 6), Value::list({6, true}));
  EXPECT_EQ(refused(), "ST-EXT-01");
}

TEST_F(DataCacheTest, AListingNamesWhatIsLive) {
  answered(0, set("a", 1), true);
  answered(0, set("b", 1, 10), true);
  answered(1, keys(), Value::list({"a", "b"}));
  advance(20);
  answered(1, keys(), Value::list({"a"}));
  EXPECT_EQ(refused(), "");
  answered(1, keys(), Value::list({"a", "b"}));
  EXPECT_NE(refused(), "");
  observations.back().reply = Reply::of(Value::list({}));
  EXPECT_EQ(refused(), "ST-GET-01");
}

}  // namespace
}  // namespace assay::conformance
