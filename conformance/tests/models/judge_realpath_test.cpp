#include "conformance/models/judge_realpath.h"

#include "conformance/tests/models/observed_run.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace assay::conformance {
namespace {

// Runs below the root "/t/r"; entries of "/t" (51 bytes) and "@" (53) come first in each resolution.
class JudgeRealpathTest : public testing::Test, protected ObservedRun {
 protected:
  void SetUp() override { act(ActionKind::write, {{"path", "@/f"}, {"content", "text"}}); }
  static Operation realpath(const char* path) { return make_operation(OperationKind::realpath, {{"path", path}}); }
  static Operation size() { return make_operation(OperationKind::realpath_cache_size, {}); }
  static Operation listing() { return make_operation(OperationKind::realpath_cache_get, {}); }
  static std::pair<Key, Value> entry(const char* shown, const char* raw, bool is_dir, std::int64_t expires) {
    return {Key(shown), Value::map({{Key("key"), shown_key(realpath_key(raw))},
                                    {Key("is_dir"), is_dir},
                                    {Key("realpath"), shown},
                                    {Key("expires"), expires}})};
  }
  std::string refused(bool main_script = false) {
    judgement = judge_realpath(trace, observations, "/t/r", {main_script});
    return judgement.refusal ? judgement.refusal->clause : "";
  }
  Judgement judgement;
};

TEST_F(JudgeRealpathTest, ResultsAndSizes) {
  answered(0, realpath("@/f"), "@/f");
  answered(0, size(), 51 + 53 + 55);
  answered(1, size(), 0);
  EXPECT_EQ(refused(), "");
  EXPECT_EQ(judgement.judged, 3u);
  answered(0, realpath("@/g"), "@/g");
  EXPECT_EQ(refused(), "RP-PATH-02");
  EXPECT_EQ(judgement.refusal->step, 4u);
}

TEST_F(JudgeRealpathTest, WhatLiesOutsideOfTheTreeIsNotJudged) {
  answered(0, realpath("@/f"), "@/f");
  answered(0, realpath("/usr"), "/usr");
  EXPECT_EQ(refused(), "");
  EXPECT_EQ(judgement.not_judged, "a path leads out of the tree");
}

TEST_F(JudgeRealpathTest, StreamsAreNotJudged) {
  answered(0, make_operation(OperationKind::read_file, {{"path", "file://@/f"}}), "text");
  EXPECT_EQ(refused(), "");
  EXPECT_EQ(judgement.not_judged, "streams are not modelled");
}

TEST_F(JudgeRealpathTest, Listing) {
  answered(0, realpath("@/f"), "@/f");
  // Buckets: "/t" 836, "/t/r" 61, "/t/r/f" 741 would be the model's; the order is checked against it.
  const std::int64_t expires = clock_start + 120;
  Elements elements;
  std::vector<std::pair<std::uint64_t, std::pair<Key, Value>>> sorted = {
      {realpath_key("/t") % 1024, entry("/t", "/t", true, expires)},
      {realpath_key("/t/r") % 1024, entry("@", "/t/r", true, expires)},
      {realpath_key("/t/r/f") % 1024, entry("@/f", "/t/r/f", false, expires)}};
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (auto& [bucket, element] : sorted) elements.push_back(element);
  answered(0, listing(), Value(elements));
  EXPECT_EQ(refused(), "");
  std::swap(elements[0], elements[1]);
  observations.back().reply = Reply::of(Value(elements));
  EXPECT_EQ(refused(), "RP-ENT-11");
  std::swap(elements[0], elements[1]);
  for (auto& [key, element] : elements)
    if (key == Key("@/f")) element.own_array().back().second = Value(expires + 1);
  observations.back().reply = Reply::of(Value(elements));
  EXPECT_EQ(refused(), "RP-TTL-01");
  elements.pop_back();
  observations.back().reply = Reply::of(Value(elements));
  EXPECT_EQ(refused(), "RP-ENT-02");
}

TEST_F(JudgeRealpathTest, TheMainScriptMayResolveAncestors) {
  answered(0, size(), 51);  // "/t"
  EXPECT_EQ(refused(), "RP-SIZE-01");
  EXPECT_EQ(refused(true), "");
  answered(0, size(), 51 + 53);  // but not sometimes this and sometimes that
  EXPECT_EQ(refused(true), "RP-SIZE-01");
}

TEST_F(JudgeRealpathTest, ALiveMainScriptTouchesNoAncestor) {
  answered(0, make_operation(OperationKind::clear_stat_cache, {{"realpath", true}}), nullptr);
  then(realpath("@/f"), "@/f");  // makes the ancestors at +0
  advance(10);
  answered(0, size(), 51 + 53 + 55);  // the main script's entry is made here, and lives until +130
  advance(111);
  answered(0, realpath("@"), "@");  // the ancestors are over: two entries anew, none by the main script
  then(size(), 51 + 53 + 55);
  EXPECT_EQ(refused(true), "");
}

TEST_F(JudgeRealpathTest, WithALargeMainScriptSmallLimitsAreNotJudged) {
  trace.configuration.ini["realpath_cache_size"] = "600";
  answered(0, size(), 5);
  EXPECT_EQ(refused(true), "");
  EXPECT_NE(judgement.not_judged, "");
  EXPECT_EQ(refused(false), "RP-SIZE-01");
}

TEST_F(JudgeRealpathTest, ALinkIsMadeWhereADanglingOnePoints) {
  const auto link = [](const char* target) {
    return make_operation(OperationKind::symlink, {{"target", target}, {"link", "@/w"}});
  };
  answered(0, link("gone"), true);
  answered(0, link("."), true);
  answered(0, make_operation(OperationKind::read_link, {{"path", "@/gone"}}), ".");
  EXPECT_EQ(refused(), "");
}

TEST_F(JudgeRealpathTest, ExpiredEntriesMayBeReclaimedByTheMainScript) {
  answered(0, realpath("@/f"), "@/f");
  advance(121);
  answered(0, size(), 51 + 53);
  EXPECT_EQ(refused(), "RP-SIZE-01");
  EXPECT_EQ(refused(true), "");
}

TEST_F(JudgeRealpathTest, StaleLinksAndReads) {
  act(ActionKind::write, {{"path", "@/g"}, {"content", "other"}});
  act(ActionKind::make_link, {{"path", "@/l"}, {"target", "f"}});
  const Operation read = make_operation(OperationKind::read_file, {{"path", "@/l"}});
  answered(0, read, "text");
  act(ActionKind::swap_link, {{"path", "@/l"}, {"target", "g"}});
  answered(0, read, "text");
  answered(1, read, "other");
  EXPECT_EQ(refused(), "");
  answered(0, make_operation(OperationKind::clear_stat_cache, {{"realpath", true}, {"path", "@/l"}}), nullptr);
  answered(0, read, "text");
  EXPECT_EQ(refused(), "RP-PATH-10");
}

TEST_F(JudgeRealpathTest, WorkersChangeFilesAndEmptyTheirCache) {
  answered(0, make_operation(OperationKind::put_file, {{"path", "@/w"}, {"data", "new"}}), 3);
  answered(1, make_operation(OperationKind::read_file, {{"path", "@/w"}}), "new");
  answered(0, size(), 51 + 53);
  answered(0, make_operation(OperationKind::unlink, {{"path", "@/w"}}), true);
  answered(0, size(), 0);
  answered(1, realpath("@/w"), "@/w");
  answered(1, make_operation(OperationKind::unlink, {{"path", "@/w"}}), false);
  answered(1, size(), 51 + 53 + 55);
  EXPECT_EQ(refused(), "");
}

TEST_F(JudgeRealpathTest, DirectivesOfThePool) {
  trace.configuration.ini["realpath_cache_ttl"] = "10";
  trace.configuration.pools[1].ini["realpath_cache_size"] = "0";
  answered(0, realpath("@/f"), "@/f");
  answered(1, realpath("@/f"), "@/f");
  answered(1, size(), 0);
  EXPECT_EQ(refused(), "");
  answered(0, size(), 0);
  EXPECT_EQ(refused(), "RP-SIZE-01");
}

TEST_F(JudgeRealpathTest, WhatItDoesNotFollowItDoesNotJudge) {
  answered(0, make_operation(OperationKind::include, {{"path", "@/f"}}), 1);
  answered(0, size(), 77);
  EXPECT_EQ(refused(), "");
  EXPECT_EQ(judgement.judged, 0u);
  EXPECT_NE(judgement.not_judged, "");
}

}  // namespace
}  // namespace assay::conformance
