#include "conformance/tests/monitors/watched_run.h"

#include <gtest/gtest.h>

namespace assay::conformance {
namespace {

// A status report as PHP gives it, as far as monitors look.
struct Report {
  bool enabled = true, pending = false, in_progress = false;
  int used = 500, free = 400, wasted = 100;
  int counted = 1, mark = 0, manual_restarts = 0, start_time = 7;
  int size = 80;

  operator Value() const {
    const Value memory =
        Value::map({{Key("used_memory"), used}, {Key("free_memory"), free}, {Key("wasted_memory"), wasted}});
    const Value strings = Value::map({{Key("buffer_size"), 10}, {Key("used_memory"), 4}, {Key("free_memory"), 6}});
    const Value statistics = Value::map({{Key("num_cached_scripts"), counted},
                                         {Key("start_time"), start_time},
                                         {Key("last_restart_time"), mark},
                                         {Key("oom_restarts"), 0},
                                         {Key("hash_restarts"), 0},
                                         {Key("manual_restarts"), manual_restarts}});
    const Value scripts = Value::map({{Key("@/a.php"), Value::map({{Key("memory_consumption"), size}})}});
    return Value::map({{Key("opcache_enabled"), enabled},
                       {Key("restart_pending"), pending},
                       {Key("restart_in_progress"), in_progress},
                       {Key("memory_usage"), memory},
                       {Key("interned_strings_usage"), strings},
                       {Key("opcache_statistics"), statistics},
                       {Key("scripts"), scripts}});
  }
};

class StatusMonitorsTest : public testing::Test, protected WatchedRun {
 protected:
  void report(Report made, int worker = 0) { answered(worker, status(), Value(made)); }
};

TEST_F(StatusMonitorsTest, MemoryAddsUp) {
  report({});
  report({.used = 600, .free = 300});
  EXPECT_EQ(violations(*conservation()), "");
  EXPECT_EQ(judged, 4u);
  report({.used = 601, .free = 300});
  EXPECT_EQ(violations(*conservation()), "GU-RES-01@2");
}

TEST_F(StatusMonitorsTest, NoPartIsNegative) {
  report({.used = 1010, .free = -110});
  EXPECT_EQ(violations(*conservation()), "GU-RES-01@0");
}

TEST_F(StatusMonitorsTest, CountsEqualTheListing) {
  report({.counted = 2});
  EXPECT_EQ(violations(*conservation()), "GU-RES-01@0");
  trace.configuration.ini["opcache.preload"] = "x";
  EXPECT_EQ(violations(*conservation()), "GU-RES-01@0");
}

TEST_F(StatusMonitorsTest, ListedSizesFitIntoTheUsedBytes) {
  report({.size = 601});
  EXPECT_EQ(violations(*conservation()), "GU-RES-01@0");
}

TEST_F(StatusMonitorsTest, BesideOtherRequestsCountsAreNotJudged) {
  answered(1, get("a"), nullptr);
  report({.counted = 2});
  advance(0);
  collect(0);
  EXPECT_EQ(violations(*conservation()), "");
}

TEST_F(StatusMonitorsTest, RestartMarkRises) {
  report({});
  report({.mark = 10, .manual_restarts = 1});
  report({.mark = 11, .manual_restarts = 2}, 1);
  EXPECT_EQ(violations(*restart_mark_increases()), "");
  EXPECT_EQ(judged, 2u);
  report({.mark = 11, .manual_restarts = 3});
  EXPECT_EQ(violations(*restart_mark_increases()), "GU-IDN-02@3");
}

TEST_F(StatusMonitorsTest, RestartMarkDoesNotFallExceptByAReload) {
  report({.mark = 10, .manual_restarts = 1});
  act(ActionKind::reload, {});
  report({});
  EXPECT_EQ(violations(*restart_mark_increases()), "");
  report({.mark = 20, .manual_restarts = 1});
  report({.mark = 19, .manual_restarts = 1});
  EXPECT_EQ(violations(*restart_mark_increases()), "GU-IDN-02@4");
}

TEST_F(StatusMonitorsTest, AHalfDoneRestartHasNoMark) {
  report({});
  report({.in_progress = true, .manual_restarts = 1});
  EXPECT_EQ(violations(*restart_mark_increases()), "");
}

TEST_F(StatusMonitorsTest, ASurvivorThatHangs) {
  answered(0, get("a"), Reply::not_run()).outcome = Outcome::Kind::hung;
  EXPECT_EQ(violations(*death_blocks_nobody()), "");  // nobody died: something else is wrong
  act(ActionKind::kill, {{"worker", 1}});
  answered(0, get("a"), nullptr);
  EXPECT_EQ(violations(*death_blocks_nobody()), "");
  EXPECT_EQ(judged, 1u);
  answered(0, get("a"), Reply::not_run()).outcome = Outcome::Kind::hung;
  EXPECT_EQ(violations(*death_blocks_nobody()), "GU-LIV-01@3");
}

// What GU-LIV-08 has against a run whose last request, after what happened before, ended like that.
std::string ended(WatchedRun run, Outcome::Kind how, bool may_die = false) {
  Observation& last = run.answered(0, WatchedRun::get("a"), Reply::not_run());
  last.outcome = how;
  last.may_die = may_die;
  return run.violations(*undisturbed_requests_end());
}

TEST(UndisturbedRequests, EndByThemselves) {
  for (const auto kind : {Outcome::Kind::completed, Outcome::Kind::aborted}) EXPECT_EQ(ended({}, kind), "");
  for (const auto kind : {Outcome::Kind::died, Outcome::Kind::hung, Outcome::Kind::garbage}) {
    EXPECT_EQ(ended({}, kind), "GU-LIV-08@0") << to_text(kind);
    EXPECT_EQ(ended({}, kind, true), "") << to_text(kind);
  }
}

TEST(UndisturbedRequests, AreNoneAfterAFaultADeathOrAStop) {
  WatchedRun armed, killed, stopped;
  armed.act(ActionKind::arm, {{"point", "*"}, {"effect", "fail"}, {"error", "ENOMEM"}});
  killed.act(ActionKind::kill, {{"worker", 1}});
  stopped.act(ActionKind::stop, {{"worker", 1}});
  for (const WatchedRun& run : {armed, killed, stopped}) EXPECT_EQ(ended(run, Outcome::Kind::died), "");
}

TEST_F(StatusMonitorsTest, AStoppedWorkerMayHoldOthersUp) {
  answered(1, get("a"), Reply::not_run()).outcome = Outcome::Kind::died;
  act(ActionKind::stop, {{"worker", 1}});
  answered(0, get("a"), Reply::not_run()).outcome = Outcome::Kind::hung;
  EXPECT_EQ(violations(*death_blocks_nobody()), "");
}

TEST_F(StatusMonitorsTest, OffForGoodAfterADeath) {
  report({});
  act(ActionKind::kill, {{"worker", 1}});
  for (int i = 0; i < 2; ++i) answered(0, get("a"), nullptr);
  answered(1, get("a"), nullptr);
  report({.enabled = false, .in_progress = true});  // worker 1 has completed one request only
  EXPECT_EQ(violations(*convergence()), "");
  EXPECT_EQ(judged, 0u);
  answered(1, get("a"), nullptr);
  report({.enabled = true});
  EXPECT_EQ(violations(*convergence()), "");
  EXPECT_EQ(judged, 1u);
  report({.enabled = false, .in_progress = true});
  EXPECT_EQ(violations(*convergence()), "GU-LIV-02@8");
}

TEST_F(StatusMonitorsTest, OffOnRequestIsNotJudged) {
  report({});
  act(ActionKind::kill, {{"worker", 1}});
  answered(0, make_operation(OperationKind::reset, {}), true);
  for (int i = 0; i < 3; ++i)
    for (int worker = 0; worker < 2; ++worker) answered(worker, get("a"), nullptr);
  report({.enabled = false});
  EXPECT_EQ(violations(*convergence()), "");
}

class MonotoneReadsTest : public testing::Test, protected WatchedRun {
 protected:
  void SetUp() override {
    write("@/a.php", "<?php\nreturn 'old';\n", 1000);
    answered(0, include("@/a.php"), "old");
    write("@/a.php", "<?php\nreturn 'new';\n", 500);
    answered(0, include("@/a.php"), "old");
    answered(0, include("@/a.php"), "new");
  }
};

TEST_F(MonotoneReadsTest, OldAfterNew) {
  answered(1, include("@/a.php"), "old");  // another worker
  EXPECT_EQ(violations(*monotone_reads()), "");
  EXPECT_EQ(judged, 2u);
  answered(0, include("@/a.php"), "old");
  EXPECT_EQ(violations(*monotone_reads()), "GU-IDN-05@6");
}

TEST_F(MonotoneReadsTest, AFileThatWentBack) {
  write("@/a.php", "<?php\nreturn 'old';\n", 100);
  answered(0, include("@/a.php"), "old");
  EXPECT_EQ(violations(*monotone_reads()), "");
}

TEST_F(MonotoneReadsTest, ChangesWithOneTimeAreOneVersion) {
  write("@/a.php", "<?php\nreturn 'newer';\n", 500);
  answered(0, include("@/a.php"), "newer");
  answered(0, include("@/a.php"), "new");
  EXPECT_EQ(violations(*monotone_reads()), "");
}

TEST_F(MonotoneReadsTest, WhatWasServedWithoutTheCacheIsNoVersionToHoldTo) {
  write("@/a.php", "<?php\nreturn 'newest';\n", 400);
  act(ActionKind::arm, {{"point", "lock/usage/acquire"}, {"effect", "fail"}, {"error", "ENOLCK"}});
  answered(0, include("@/a.php"), "newest");
  answered(0, include("@/a.php"), "new");
  EXPECT_EQ(violations(*monotone_reads()), "");
  answered(0, include("@/a.php"), "old");  // older than what it was served before
  EXPECT_EQ(violations(*monotone_reads()), "GU-IDN-05@9");
}

TEST_F(MonotoneReadsTest, ANewProcessKnowsNothing) {
  act(ActionKind::kill, {{"worker", 0}});
  answered(0, include("@/a.php"), "old");
  EXPECT_EQ(violations(*monotone_reads()), "");
}

}  // namespace
}  // namespace assay::conformance
