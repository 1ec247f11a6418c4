#include "conformance/exploration/model_check.h"

#include <gtest/gtest.h>

#include "conformance/exploration/campaign.h"
#include "conformance/exploration/histories.h"
#include "conformance/runner/temporary_folder.h"
#include "conformance/scenario/scenario.h"
#include "conformance/tests/execution/scripted_target.h"

namespace assay::conformance {
namespace {

class Getting final : public Scenario {
 public:
  Getting(const Description& target, std::vector<std::string> keys) : Scenario(target), keys_(std::move(keys)) {}

 private:
  void steps() override {
    auto w = worker();
    for (const std::string& key : keys_) w.get(key);
  }
  std::vector<std::string> keys_;
};

class ModelCheckTest : public testing::Test {
 protected:
  // Every key holds its own name, but "wrong".
  ModelCheckTest()
      : target_([](int, std::span<const Exchange> exchanges) {
          Outcome outcome = ScriptedTarget::all(exchanges, Reply::of(Value(true)));
          for (std::size_t i = 0; i < exchanges.size(); ++i) {
            const std::string& key = exchanges[i].operation.text("key");
            outcome.replies[i] = Reply::of(Value(key == "wrong" ? "of another" : key));
          }
          return outcome;
        }) {
    target_.description().features.insert({"static_cache", "static_cache.volatile"});
  }

  Trace getting(std::vector<std::string> keys) {
    return Getting(target_.description(), std::move(keys)).build("get", {});
  }

  static Judgement judge(const Trace&, std::span<const Observation> seen) {
    Judgement judgement;
    for (const Observation& observation : seen) {
      ++judgement.judged;
      if (observation.reply.value == Value(observation.operation.text("key"))) continue;
      judgement.refusal = Refusal{"ST-GET-01", "the value of another key", observation.step, observation.exchange};
      return judgement;
    }
    return judgement;
  }
  // Without monitors, which would judge the same replies.
  Campaign campaign(CampaignOptions options = {}) {
    return Campaign(target_, folder_.path(), options, {.with_monitors = false});
  }
  TestResult check(ModelCheck::MakeTrace make, Model model = judge) {
    return campaign().run(ModelCheck(std::move(model), std::move(make)));
  }

  ScriptedTarget target_;
  TemporaryFolder folder_ = *TemporaryFolder::create();
};

TEST_F(ModelCheckTest, EachTraceIsJudged) {
  const TestResult result = check(ModelCheck::random(7, 3, [&](std::uint64_t seed) {
    return getting({std::to_string(seed), "a"});
  }));
  EXPECT_EQ(result.verdict, Verdict::pass) << result.reason;
  EXPECT_EQ(result.evidence.traces, 3u);
  EXPECT_EQ(result.evidence.operations, 6u);
}

TEST_F(ModelCheckTest, WhatTheModelRefusesIsMadeSmallerAndFailsAgain) {
  const auto make = [&](std::uint64_t seed) { return getting({"a", seed == 2 ? "wrong" : "b", "c"}); };
  const TestResult result = check(ModelCheck::random(1, 5, make));
  ASSERT_EQ(result.verdict, Verdict::fail);
  EXPECT_EQ(result.clauses.at("ST-GET-01"), Verdict::fail);
  EXPECT_NE(result.reason.find("the value of another key"), std::string::npos) << result.reason;
  ASSERT_TRUE(result.failing_trace.has_value());
  EXPECT_EQ(result.failing_trace->steps.size(), 1u);
  EXPECT_EQ(Executor(target_, folder_.path(), {.with_monitors = false}).run(*result.failing_trace).verdict,
            Verdict::fail)
      << "without the model";
}

TEST_F(ModelCheckTest, OfJoinedTracesTheOneThatFailsIsKept) {
  const auto joined = [&](std::uint64_t number) -> std::optional<ModelCheck::Joined> {
    if (number > 0) return std::nullopt;
    return ModelCheck::Joined{
        getting({"a", "b", "wrong", "c"}), {getting({"a"}), getting({"b", "wrong"}), getting({"c"})}, {0, 1, 3}};
  };
  const TestResult result = check(joined);
  ASSERT_EQ(result.verdict, Verdict::fail);
  EXPECT_EQ(result.failing_trace->steps.size(), 2u);
}

TEST_F(ModelCheckTest, TheOneThatFailsIsMadeSmallerWhereItIsLarge) {
  const auto joined = [&](std::uint64_t number) -> std::optional<ModelCheck::Joined> {
    if (number > 0) return std::nullopt;
    auto made = ModelCheck::Joined::of({getting({"a", "b"}), getting({"c", "wrong"})});
    EXPECT_EQ(made.starts, (std::vector<std::size_t>{0, 2}));
    made.parts_are_small = false;
    return made;
  };
  const auto told = [](const Trace& trace, std::span<const Observation> seen) {
    Judgement judgement = judge(trace, seen);
    if (judgement.refusal) judgement.refusal->expected = equals("right");
    return judgement;
  };
  const TestResult result = check(joined, told);
  ASSERT_EQ(result.verdict, Verdict::fail);
  ASSERT_EQ(result.failing_trace->steps.size(), 1u);
  EXPECT_EQ(std::get<Request>(result.failing_trace->steps[0]).exchanges[0].expected, equals("right"));
}

TEST_F(ModelCheckTest, AModelThatSaysNothingIsInconclusive) {
  const auto silent = [](const Trace&, std::span<const Observation>) {
    Judgement judgement;
    judgement.not_judged = "requests overlap";
    return judgement;
  };
  const TestResult result = check(ModelCheck::random(1, 2, [&](std::uint64_t) { return getting({"a"}); }), silent);
  EXPECT_EQ(result.verdict, Verdict::inconclusive);
  EXPECT_EQ(result.reason, "the model made no statement: requests overlap");
}

TEST_F(ModelCheckTest, AModelMayLoseTrackOfFewTraces) {
  const auto check_with = [&](std::uint64_t every) {
    std::uint64_t number = 0;
    const auto losing = [&](const Trace& trace, std::span<const Observation> seen) {
      Judgement judgement = judge(trace, seen);
      judgement.lost_track = number++ % every == 0;
      if (judgement.lost_track) judgement.not_judged = "too many possible states";
      return judgement;
    };
    return check(ModelCheck::random(1, 40, [&](std::uint64_t) { return getting({"b"}); }), losing);
  };
  EXPECT_EQ(check_with(10).verdict, Verdict::pass);
  EXPECT_EQ(check_with(10).evidence.traces, 40u);
  EXPECT_EQ(check_with(2).verdict, Verdict::inconclusive);
}

TEST_F(ModelCheckTest, HistoriesGoOnUntilTheyShowEnough) {
  HistoryOptions options;
  options.make = [&](std::uint64_t) { return getting({"a"}); };
  options.judge = [](const Trace&, Execution&) {};
  options.amount = [](const Execution&) { return std::uint64_t{2}; };
  options.traces = 1;
  options.least = 5;
  options.most_traces = 9;
  options.counted = "meetings";
  options.counter = &Evidence::interleavings;
  const TestResult result = campaign({.least = 5}).run(Histories(options));
  EXPECT_EQ(result.verdict, Verdict::pass);
  EXPECT_EQ(result.evidence.traces, 3u);
  EXPECT_EQ(result.evidence.interleavings, 6u);
  options.most_traces = 2;
  const TestResult fewer = campaign({.least = 5}).run(Histories(options));
  EXPECT_EQ(fewer.verdict, Verdict::inconclusive);
  EXPECT_EQ(fewer.reason, "only 4 meetings (5 are needed)");
}

TEST_F(ModelCheckTest, AHistoryThatIsRefusedIsAFailure) {
  HistoryOptions options;
  options.make = [&](std::uint64_t) { return getting({"a"}); };
  options.judge = [](const Trace&, Execution& execution) {
    execution.verdict = Verdict::fail;
    execution.failed_clause = "GU-VAL-04";
    execution.reason = "no order fits";
  };
  const TestResult result = campaign().run(Histories(options));
  EXPECT_EQ(result.verdict, Verdict::fail);
  EXPECT_EQ(result.clauses.at("GU-VAL-04"), Verdict::fail);
}

}  // namespace
}  // namespace assay::conformance
