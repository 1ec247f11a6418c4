#include "conformance/models/script_model.h"

#include "conformance/scenario/scenario.h"
#include "conformance/tests/models/observed_run.h"

#include <gtest/gtest.h>

namespace assay::conformance {
namespace {

class ScriptModelTest : public testing::Test, protected ObservedRun {
 protected:
  void SetUp() override {
    rules = {.validates = true, .window = 2, .protection = 0, .exact = true};
    write("old", 1000);
  }
  void write(const char* content, std::int64_t age) {
    act(ActionKind::write, {{"path", "@/a.php"}, {"content", returns(content)}, {"age", age}});
  }
  static Operation include() { return make_operation(OperationKind::include, {{"path", "@/a.php"}}); }
  static Operation of_file(OperationKind kind) { return make_operation(kind, {{"path", "@/a.php"}}); }
  static Operation reset() { return make_operation(OperationKind::reset, {}); }
  static Operation status() { return make_operation(OperationKind::script_status, {}); }
  static Value report(bool enabled, bool pending, int hits, int misses, Value scripts) {
    return Value::map({{Key("opcache_enabled"), enabled},
                       {Key("restart_pending"), pending},
                       {Key("opcache_statistics"), Value::map({{Key("hits"), hits}, {Key("misses"), misses}})},
                       {Key("scripts"), std::move(scripts)}});
  }
  static Value listed(std::int64_t timestamp) {
    return Value::map({{Key("@/a.php"), Value::map({{Key("timestamp"), timestamp}})}});
  }
  std::string refused() {
    judgement = judge_scripts(trace, observations, rules);
    return judgement.refusal ? judgement.refusal->clause : "";
  }
  ScriptRules rules;
  Judgement judgement;
};

TEST_F(ScriptModelTest, NotLookedAtAgainWithinTheWindow) {
  answered(0, include(), "old");
  write("new", 500);
  advance(2);
  answered(1, include(), "old");
  EXPECT_EQ(refused(), "");
  observations.back().reply = Reply::of("new");
  EXPECT_EQ(refused(), "SC-VAL-02");
  observations.back().reply = Reply::of("old");
  advance(1);
  answered(1, include(), "new");
  EXPECT_EQ(refused(), "");
  observations.back().reply = Reply::of("old");
  EXPECT_EQ(refused(), "SC-VAL-02");
}

TEST_F(ScriptModelTest, ANewFileWithTheSameTimeIsNeverSeen) {
  rules.window = 0;
  answered(0, include(), "old");
  write("new", 1000);
  answered(0, include(), "new");
  EXPECT_EQ(refused(), "SC-VAL-02");
}

TEST_F(ScriptModelTest, AnOlderTimeIsAChange) {
  rules.window = 0;
  answered(0, include(), "old");
  write("new", 2000);
  answered(0, include(), "new");
  EXPECT_EQ(refused(), "");
}

TEST_F(ScriptModelTest, WithoutValidationNothingIsSeen) {
  rules.validates = false;
  answered(0, include(), "old");
  act(ActionKind::remove, {{"path", "@/a.php"}});
  advance(100);
  answered(0, include(), "old");
  EXPECT_EQ(refused(), "");
  answered(0, include(), false);
  EXPECT_EQ(refused(), "SC-VAL-01");
}

TEST_F(ScriptModelTest, ProtectedFilesAreNotStored) {
  rules.protection = 2;
  write("young", 1);
  answered(0, include(), "young");
  answered(0, of_file(OperationKind::is_cached), false);
  advance(1);
  answered(0, include(), "young");
  answered(0, of_file(OperationKind::is_cached), true);
  answered(0, status(), report(true, false, 0, 2, listed(clock_start - 1)));
  EXPECT_EQ(refused(), "");
}

TEST_F(ScriptModelTest, CountersAndListing) {
  answered(0, include(), "old");
  answered(0, include(), "old");
  answered(0, status(), report(true, false, 1, 1, listed(clock_start - 1000)));
  EXPECT_EQ(refused(), "");
  answered(0, status(), report(true, false, 2, 1, listed(clock_start - 1000)));
  EXPECT_EQ(refused(), "SC-STA-01");
  observations.back().reply = Reply::of(report(true, false, 1, 1, listed(0)));
  EXPECT_EQ(refused(), "SC-STA-01");
}

TEST_F(ScriptModelTest, InvalidationWithAndWithoutForce) {
  answered(0, include(), "old");
  answered(0, of_file(OperationKind::invalidate), true);
  answered(0, of_file(OperationKind::is_cached), true);
  answered(0, make_operation(OperationKind::invalidate, {{"path", "@/a.php"}, {"force", true}}), true);
  answered(0, of_file(OperationKind::is_cached), false);
  answered(0, status(), report(true, false, 0, 1, listed(0)));
  EXPECT_EQ(refused(), "");
  answered(0, make_operation(OperationKind::invalidate, {{"path", "@/none.php"}}), true);
  EXPECT_EQ(refused(), "SC-API-02");
}

TEST_F(ScriptModelTest, ARemovedFile) {
  rules.window = 0;
  answered(0, include(), "old");
  act(ActionKind::remove, {{"path", "@/a.php"}});
  answered(0, include(), false);
  answered(0, of_file(OperationKind::invalidate), true);  // its name may be in the realpath cache
  answered(0, of_file(OperationKind::invalidate), false);
  answered(0, of_file(OperationKind::compile_file), false);
  answered(0, status(), report(true, false, 0, 1, listed(0)));
  EXPECT_EQ(refused(), "");
  observations.back().reply = Reply::of(report(true, false, 0, 3, listed(0)));  // as PHP counts
  EXPECT_EQ(refused(), "");
  observations.back().reply = Reply::of(report(true, false, 0, 4, listed(0)));
  EXPECT_EQ(refused(), "SC-STA-01");
  EXPECT_NE(judgement.refusal->message.find("misses"), std::string::npos);
}

TEST_F(ScriptModelTest, ARestartIsCarriedOutByTheSameWorkerAtTheLatest) {
  answered(0, include(), "old");
  answered(0, reset(), true);
  then(include(), "old");
  then(reset(), false);
  write("new", 1000);
  answered(1, include(), "new");  // performed, or outside the cache
  EXPECT_EQ(refused(), "");
  then(status(), report(true, false, 0, 1, listed(clock_start - 1000)));
  EXPECT_EQ(refused(), "");
  Value outside = Value::map({{Key("opcache_enabled"), false}, {Key("restart_pending"), true}});
  observations.back().reply = Reply::of(outside);
  EXPECT_EQ(refused(), "");
  answered(1, status(), outside);
  EXPECT_EQ(refused(), "SC-STA-01");
  observations.back().reply = Reply::of(report(true, false, 0, 0, Value(Elements{})));
  EXPECT_EQ(refused(), "");
}

TEST_F(ScriptModelTest, QueriesMoveTheWindow) {
  answered(0, include(), "old");
  advance(3);
  answered(0, of_file(OperationKind::is_cached), true);
  write("new", 500);
  advance(2);
  answered(0, include(), "old");
  EXPECT_EQ(refused(), "");
}

TEST_F(ScriptModelTest, LooseRulesAskForFreshnessOnly) {
  rules.exact = false;
  answered(0, include(), "old");
  write("new", 500);
  answered(0, include(), "new");  // looked earlier than it had to
  answered(0, include(), "old");  // the entry is still there, and within its window
  answered(0, of_file(OperationKind::is_cached), true);
  EXPECT_EQ(refused(), "");
  advance(3);
  answered(0, include(), "old");
  EXPECT_EQ(refused(), "GU-IDN-03");
}

TEST_F(ScriptModelTest, WhatItDoesNotFollowItDoesNotJudge) {
  answered(0, include(), "old");
  act(ActionKind::make_link, {{"path", "@/l"}, {"target", "a.php"}});
  answered(0, include(), "nonsense");
  EXPECT_EQ(refused(), "");
  EXPECT_NE(judgement.not_judged, "");
  EXPECT_EQ(judgement.judged, 1u);
}

}  // namespace
}  // namespace assay::conformance
