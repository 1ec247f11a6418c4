#include "conformance/deployments/measure.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <set>

#include "conformance/deployments/forms.h"

namespace assay::conformance {
namespace {

// An answer of a worker, so many seconds after the deployment.
Observation answer(int worker, std::int64_t second, std::vector<Value> parts, const char* script = "/index.php") {
  Observation seen;
  seen.worker = worker;
  seen.operation = make_operation(OperationKind::serve, {{"path", std::string("@/current") + script}});
  seen.reply = Reply::of(Value::map({{"status", 200}, {"body", Value::list(std::move(parts))}}));
  seen.began_at = clock_start + kDeployedAt + second;
  return seen;
}

// Workers that turn new at these seconds.
Execution turning_new(std::array<std::int64_t, 3> at) {
  Execution execution;
  for (std::int64_t second = 0; second <= kWatched; ++second) {
    for (int worker = 0; worker < 3; ++worker) {
      const char* release = second >= at[static_cast<std::size_t>(worker)] ? "new" : "old";
      execution.observations.push_back(answer(worker, second, {release, release}));
    }
  }
  return execution;
}

const Strategy& link_swap() {
  return strategies()[0];
}

TEST(MeasuredRollout, TellsWhenAllAreNewAndHowLongTheyDisagree) {
  const MeasuredRollout measured = measure(link_swap(), turning_new({61, 81, 101}));
  EXPECT_EQ(measured.new_after, 101);
  EXPECT_EQ(measured.disagreement, 40);
  EXPECT_EQ(measured.mixed, 0);
  EXPECT_EQ(in_words_mixed(measured), "no");
  EXPECT_EQ(measured.timeline[0][60], Served::old);
  EXPECT_EQ(measured.timeline[0][61], Served::fresh);
}

TEST(MeasuredRollout, NeverIsNotTheLastSecond) {
  EXPECT_EQ(measure(link_swap(), turning_new({0, 0, kWatched + 1})).new_after, std::nullopt);
  EXPECT_EQ(measure(link_swap(), turning_new({0, 0, kWatched})).new_after, kWatched);
}

TEST(MeasuredRollout, TheWorstAnswerOfASecondCounts) {
  Execution execution = turning_new({0, 0, 0});
  execution.observations.push_back(answer(1, 7, {"old", "new"}));
  execution.observations.push_back(answer(2, 9, {}));
  const MeasuredRollout measured = measure(link_swap(), execution);
  EXPECT_EQ(measured.new_after, 10);
  EXPECT_EQ(measured.mixed, 1);
  EXPECT_EQ(measured.failed, 1);
  EXPECT_EQ(measured.disagreement, 2);
}

TEST(MeasuredRollout, MixedAnswersThatDifferAreADisagreement) {
  Execution execution = turning_new({0, 0, 0});
  for (int worker = 0; worker < 3; ++worker) {
    execution.observations.push_back(answer(worker, 5, {"old", "new"}));
    execution.observations.push_back(answer(worker, 6, {worker == 2 ? "new" : "old", worker == 2 ? "old" : "new"}));
  }
  EXPECT_EQ(measure(link_swap(), execution).disagreement, 1);
}

TEST(MeasuredRollout, MixedForGoodButForErrorsIsEveryAnswer) {
  Execution execution = turning_new({0, 0, 0});
  for (std::int64_t second = 0; second <= kWatched; ++second)
    execution.observations.push_back(
        answer(0, second, second == 0 ? std::vector<Value>{} : std::vector<Value>{"old", "new"}));
  EXPECT_EQ(in_words_mixed(measure(link_swap(), execution)), fmt::format("for {} s", kWatched));
  execution.observations.push_back(answer(0, kLongAfter, {"old", "new"}));
  EXPECT_EQ(in_words_mixed(measure(link_swap(), execution)), "every one");
}

TEST(MeasuredRollout, WhatIsOldLongAfterIsNamed) {
  Execution execution = turning_new({0, 0, 0});
  execution.observations.push_back(answer(0, kLongAfter, {"old", "new"}));
  execution.observations.push_back(answer(0, 0, {"old", "new"}, "/straddle.php"));
  const MeasuredRollout measured = measure(link_swap(), execution);
  EXPECT_EQ(measured.stale_for_good, std::vector<std::string>{"main script"});
  EXPECT_EQ(measured.new_after, std::nullopt);
  EXPECT_TRUE(measured.mixed_under_way);
}

TEST(MeasuredRollout, ARunThatFailedIsNotMeasured) {
  Execution execution;
  execution.verdict = Verdict::error;
  execution.reason = "no room";
  const MeasuredRollout measured = measure(link_swap(), execution);
  EXPECT_EQ(measured.not_measured, "no room");
  const std::vector<MeasuredRollout> all{measured};
  EXPECT_NE(deployments_text({}, all).find("no room"), std::string::npos);
  EXPECT_NE(deployments_html({}, all).find("no room"), std::string::npos);
  EXPECT_EQ(deployments_json({}, all)["strategies"][0]["not_measured"], "no room");
}

TEST(Strategies, HaveNamesOfTheirOwnAndTracesThatCanBeRead) {
  std::set<std::string> names;
  for (const Strategy& strategy : strategies()) {
    EXPECT_TRUE(names.insert(strategy.name).second) << strategy.name;
    const Trace trace = rollout_trace(strategy, Description{});
    const auto again = trace_from_json_lines(to_json_lines(trace), strategy.name);
    ASSERT_TRUE(again.has_value()) << again.error().message;
    EXPECT_EQ(to_json_lines(*again), to_json_lines(trace));
  }
}

}  // namespace
}  // namespace assay::conformance
