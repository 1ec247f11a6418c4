#include "conformance/models/eviction_order.h"

#include <gtest/gtest.h>

#include "conformance/tests/models/observed_run.h"

namespace assay::conformance {
namespace {

// What stands between a store and a miss, and whether the declared choice allows it.
class EvictionOrderTest : public testing::Test, protected ObservedRun {
 protected:
  std::string refused(Eviction eviction) {
    CacheRules rules;
    rules.eviction = eviction;
    const Judgement judgement = judge_data_cache(trace, observations, rules);
    return judgement.refusal.value_or(Refusal{}).clause;
  }
  bool allows(Eviction eviction) { return refused(eviction).empty(); }
  void stores(std::initializer_list<const char*> keys) {
    for (const char* key : keys) answered(0, set(key, 1), true);
  }
  void finds(std::initializer_list<const char*> keys) {
    for (const char* key : keys) answered(1, has(key), true);
  }
  void misses(std::initializer_list<const char*> keys) {
    for (const char* key : keys) answered(1, has(key), false);
  }
};

TEST_F(EvictionOrderTest, NothingVanishesWithoutAStore) {
  stores({"a"});
  misses({"a"});
  for (const Eviction rule : {Eviction::no_entry, Eviction::some, Eviction::all, Eviction::longest_unused})
    EXPECT_FALSE(allows(rule));
  EXPECT_EQ(refused(Eviction::no_entry), "ST-GET-01");
  EXPECT_EQ(refused(Eviction::all), "ST-FUL-04");
}

TEST_F(EvictionOrderTest, AStoreMayTakeOlderOnes) {
  stores({"a", "b"});
  misses({"a"});
  EXPECT_FALSE(allows(Eviction::no_entry));
  for (const Eviction rule : {Eviction::some, Eviction::all, Eviction::longest_unused}) EXPECT_TRUE(allows(rule));
}

TEST_F(EvictionOrderTest, AStoreNeverTakesWhatItStores) {
  stores({"a", "b"});
  misses({"b"});
  for (const Eviction rule : {Eviction::some, Eviction::all, Eviction::longest_unused}) EXPECT_FALSE(allows(rule));
}

TEST_F(EvictionOrderTest, AWipeLeavesNothingThatStoodThereBefore) {
  stores({"a", "b", "c"});
  misses({"b"});
  finds({"c"});
  EXPECT_TRUE(allows(Eviction::all));
  finds({"a"});
  EXPECT_FALSE(allows(Eviction::all));
  EXPECT_TRUE(allows(Eviction::some));
  EXPECT_FALSE(allows(Eviction::longest_unused));
}

TEST_F(EvictionOrderTest, WhatWasSeenBeforeTheMissCountsAsWell) {
  stores({"a", "b", "c"});
  finds({"a"});
  misses({"b"});
  EXPECT_FALSE(allows(Eviction::all));
}

TEST_F(EvictionOrderTest, OneWipeOfSeveralExplainsIt) {
  stores({"a", "b", "c"});
  finds({"b"});
  stores({"d"});
  misses({"a"});
  finds({"c", "d"});
  EXPECT_TRUE(allows(Eviction::all));  // by b: not by c, which b survived, nor by d, which c did
}

TEST_F(EvictionOrderTest, AWipeTakesWhatStoodThere) {
  stores({"a", "b", "c"});
  finds({"a", "b"});
  stores({"d"});
  misses({"a"});
  finds({"c", "d"});
  EXPECT_FALSE(allows(Eviction::all));  // only d came after a was seen, and c survived it
}

TEST_F(EvictionOrderTest, WhatWasUsedLaterStays) {
  stores({"a", "b"});
  finds({"a"});
  stores({"c"});
  misses({"b"});
  finds({"a", "c"});
  EXPECT_TRUE(allows(Eviction::longest_unused));
  EXPECT_FALSE(allows(Eviction::all));
}

TEST_F(EvictionOrderTest, WhatWasUsedLaterIsNoVictimBeforeOthers) {
  stores({"a", "b"});
  finds({"a"});
  stores({"c"});
  misses({"a"});
  EXPECT_TRUE(allows(Eviction::longest_unused));
  finds({"b"});
  EXPECT_FALSE(allows(Eviction::longest_unused));
  EXPECT_TRUE(allows(Eviction::some));
}

TEST_F(EvictionOrderTest, AFetchAndAListAreUses) {
  stores({"a", "b", "c"});
  answered(1, get("a"), 1);
  answered(1, get_all({"b"}), Value::map({{"b", 1}}));
  stores({"d"});
  misses({"b"});
  finds({"c"});
  EXPECT_FALSE(allows(Eviction::longest_unused));
}

TEST_F(EvictionOrderTest, WhatExpiredOrWasDeletedNeedsNoEviction) {
  answered(0, set("a", 1, 5), true);
  stores({"b"});
  answered(0, remove("b"), true);
  advance(10);
  misses({"a", "b"});
  for (const Eviction rule : {Eviction::no_entry, Eviction::all, Eviction::longest_unused}) EXPECT_TRUE(allows(rule));
}

TEST_F(EvictionOrderTest, AStoreThatIsRefusedMayHaveWiped) {
  stores({"a"});
  answered(0, set("b", 1), false);
  misses({"a"});
  EXPECT_TRUE(allows(Eviction::all));
  EXPECT_FALSE(allows(Eviction::no_entry));
}

TEST_F(EvictionOrderTest, ListsStoreOneAfterTheOther) {
  answered(0, make_operation(OperationKind::cache_set_multiple, {{"values", Value::map({{"a", 1}, {"b", 2}})}}), true);
  misses({"a"});
  answered(1, get("b"), 2);
  EXPECT_TRUE(allows(Eviction::all));
  EXPECT_TRUE(allows(Eviction::longest_unused));
}

TEST_F(EvictionOrderTest, RunsThatAskForMoreThanDataAreNotJudgedByIt) {
  stores({"a"});
  answered(0, make_operation(OperationKind::include, {{"path", "@/a.php"}}), 1);
  misses({"a"});
  EXPECT_TRUE(allows(Eviction::all));
}

}  // namespace
}  // namespace assay::conformance
