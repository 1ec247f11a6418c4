#include "conformance/tests/monitors/watched_run.h"

#include <gtest/gtest.h>

namespace assay::conformance {
namespace {

class ValueMonitorsTest : public testing::Test, protected WatchedRun {
 protected:
  std::string invented() { return violations(*no_invented_value()); }
  std::string interrupted() { return violations(*all_or_nothing(description)); }
  std::string own_writes() { return violations(*read_your_writes(description)); }
  std::string key_orders() { return violations(*linearizable_keys(description)); }
  std::string lists() { return violations(*lists_show_one_state(description)); }
  Description description = [] {
    Description made;
    made.features = {"clock.virtual"};
    return made;
  }();
};

TEST_F(ValueMonitorsTest, StoredValuesAreNotInvented) {
  answered(0, set("a", 1), true);
  answered(1, set("a", "two"), false);
  answered(0, get("a"), "two");
  answered(0, get("a", "standard"), "standard");
  answered(0, get("a"), false);
  EXPECT_EQ(invented(), "");
  EXPECT_EQ(judged, 1u);
}

TEST_F(ValueMonitorsTest, AnotherKeysValueIsInvented) {
  answered(0, set("a", 1), true);
  answered(0, set("b", 2), true);
  answered(0, get("b"), 1);
  EXPECT_EQ(invented(), "GU-VAL-01@2");
}

TEST_F(ValueMonitorsTest, AMixOfTwoValuesIsInvented) {
  answered(0, set("a", "xxxx"), true);
  answered(0, set("a", "yyyy"), true);
  answered(0, get("a"), "xxyy");
  EXPECT_EQ(invented(), "GU-VAL-01@2");
}

TEST_F(ValueMonitorsTest, AValueFromTheFutureIsInvented) {
  answered(0, get("a"), 1);
  answered(0, set("a", 1), true);
  EXPECT_EQ(invented(), "GU-VAL-01@0");
}

TEST_F(ValueMonitorsTest, AStoreThatIsStillRunningIsASource) {
  answered(1, set("a", 1), true);
  answered(0, get("a"), 1);
  advance(1);
  collect(0);
  EXPECT_EQ(invented(), "");
  EXPECT_EQ(judged, 1u);
}

TEST_F(ValueMonitorsTest, IncludesGiveAContentOfTheFile) {
  write("@/a.php", "<?php\nreturn 'old';\n");
  write("@/a.php", "<?php\nreturn 'new';\n");
  write("@/b.php", "<?php\nreturn 'other';\n");
  answered(0, include("@/a.php"), "old");
  answered(0, include("@/a.php"), "new");
  answered(0, include("@/a.php"), false);
  EXPECT_EQ(invented(), "");
  EXPECT_EQ(judged, 2u);
  answered(0, include("@/a.php"), "other");
  EXPECT_EQ(invented(), "GU-VAL-01@6");
}

TEST_F(ValueMonitorsTest, WithLinksAnyWrittenContentWillDo) {
  write("@/a.php", "<?php\nreturn 'old';\n");
  write("@/b.php", "<?php\nreturn 'other';\n");
  act(ActionKind::make_link, {{"path", "@/l"}, {"target", "@/b.php"}});
  answered(0, include("@/a.php"), "other");
  EXPECT_EQ(invented(), "");
  answered(0, include("@/a.php"), "oldother");
  EXPECT_EQ(invented(), "GU-VAL-01@4");
}

TEST_F(ValueMonitorsTest, OtherScriptsAreNotJudged) {
  write("@/a.php", "<?php\nreturn time();\n");
  answered(0, include("@/a.php"), 5);
  EXPECT_EQ(invented(), "");
  EXPECT_EQ(judged, 0u);
}

TEST_F(ValueMonitorsTest, OrderOfAKey) {
  answered(0, set("a", 1), true);
  answered(0, set("a", 2), true);
  answered(1, get("a"), 1);
  EXPECT_EQ(key_orders(), "GU-VAL-04@2");
  EXPECT_NE(message.find("|--"), std::string::npos) << message;
}

TEST_F(ValueMonitorsTest, DeclaredChoicesAreFollowed) {
  answered(0, set("a", 1, 5), true);
  advance(5);
  answered(0, get("a"), 1);
  EXPECT_EQ(key_orders(), "GU-VAL-04@2");
  description.choices["ttl-edge"] = "inclusive";
  EXPECT_EQ(key_orders(), "");
}

TEST_F(ValueMonitorsTest, ListsShowOneStateUnlessTheTargetReadsThemKeyByKey) {
  answered(0, set("a", 1), true);
  then(set("b", 1), true);
  answered(1, clear(), true);
  const std::size_t clearing = trace.steps.size() - 1;
  answered(0, get_all({"a", "b"}), Value::map({{"a", nullptr}, {"b", 1}}));
  advance(0);
  observations[3].began = observations[2].began;
  collect(clearing);
  EXPECT_EQ(lists(), "ST-GET-10@2");
  description.choices["multi-read"] = "per-key";
  EXPECT_EQ(lists(), "");
  EXPECT_EQ(judged, 0u);
}

TEST_F(ValueMonitorsTest, AnInterruptedWriteIsSeenForGoodOrNotAtAll) {
  answered(0, set("a", 1), true);
  answered(1, set("a", 2), Reply::not_run()).outcome = Outcome::Kind::died;
  answered(0, get("a"), 2);
  EXPECT_EQ(interrupted(), "");
  EXPECT_EQ(judged, 3u);
  answered(0, get("a"), 1);
  EXPECT_EQ(interrupted(), "GU-VAL-02@3");
}

TEST_F(ValueMonitorsTest, WhatWasWrongBeforeIsNotTheInterruptedWrites) {
  answered(0, set("a", 1), true);
  answered(0, get("a"), nullptr);
  answered(1, set("a", 2), Reply::not_run()).outcome = Outcome::Kind::died;
  answered(0, get("a"), 1);
  EXPECT_EQ(interrupted(), "");
  EXPECT_EQ(key_orders(), "GU-VAL-04@1");
}

TEST_F(ValueMonitorsTest, ReadYourWrites) {
  answered(0, set("a", 1), true);
  then(get("a"), 1);
  then(set("a", 2), true);
  then(get("a"), 2);
  EXPECT_EQ(own_writes(), "");
  EXPECT_EQ(judged, 2u);
  then(get("a"), 1);
  EXPECT_EQ(own_writes(), "GU-VAL-03@0");
}

TEST_F(ValueMonitorsTest, AMissIsNoWayToReadAWrite) {
  answered(0, set("a", 1), true);
  then(get("a"), nullptr);
  EXPECT_EQ(own_writes(), "GU-VAL-03@0");
  description.choices["evict"] = "lru";
  EXPECT_EQ(own_writes(), "");
  EXPECT_EQ(judged, 0u);
}

TEST_F(ValueMonitorsTest, DeletedOrExpiringValuesAreNotJudged) {
  answered(0, set("a", 1), true);
  then(remove("a"), true);
  then(get("a"), nullptr);
  then(set("b", 1, 1), true);
  then(get("b"), nullptr);
  then(set("c", 1), true);
  then(clear(), true);
  then(get("c"), nullptr);
  EXPECT_EQ(own_writes(), "");
  EXPECT_EQ(judged, 0u);
}

TEST_F(ValueMonitorsTest, OverlappingRequestsAreNotJudged) {
  answered(0, set("a", 1), true);
  then(get("a"), 2);
  advance(0);
  collect(0);
  EXPECT_EQ(own_writes(), "");
}

TEST_F(ValueMonitorsTest, TheSecondIncludeIsEqual) {
  write("@/a.php", "<?php\nreturn 'old';\n");
  write("@/a.php", "<?php\nreturn 'new';\n");
  answered(0, include("@/a.php"), "old");
  then(include("@/a.php"), "old");
  EXPECT_EQ(own_writes(), "");
  then(include("@/a.php"), "new");
  EXPECT_EQ(own_writes(), "GU-VAL-03@2");
  observations.pop_back();
  then(make_operation(OperationKind::invalidate, {{"path", "@/a.php"}}), true);
  then(include("@/a.php"), "new");
  EXPECT_EQ(own_writes(), "");
}

TEST(AllMonitors, HaveDifferentIds) {
  std::set<std::string_view> ids;
  for (const auto& monitor : all_monitors(Description{})) ids.insert(monitor->id());
  EXPECT_EQ(ids.size(), all_monitors(Description{}).size());
}

}  // namespace
}  // namespace assay::conformance
