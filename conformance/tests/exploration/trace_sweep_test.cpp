// What a sweep could not try it says, and it goes on from what a trace arms itself.
#include "conformance/exploration/trace_sweep.h"

#include <gmock/gmock-matchers.h>

#include "conformance/scenario/scenario.h"
#include "conformance/tests/test_folder.h"

namespace assay::conformance {
namespace {

using testing::HasSubstr;

class TraceSweepTest : public testing::Test {
 protected:
  TraceSweepTest() : target_(*make_target("reference")) {}

  template <class Steps>
  TestResult sweep(std::chrono::milliseconds most_time = std::chrono::minutes(10)) {
    const Trace trace = Steps(target_->description()).build("swept", {"ST-SET-01"});
    return sweep_trace(*target_, folder_.path(), trace, most_time);
  }
  std::unique_ptr<Target> target_;
  TestFolder folder_;
};

class Stored final : public Scenario {
 public:
  using Scenario::Scenario;

 private:
  void steps() override {
    auto w = worker();
    expect(w.set("k", 1), true);
  }
};

TEST_F(TraceSweepTest, WithoutTimeItIsInconclusiveAndSaysHowMuchIsUntried) {
  const TestResult result = sweep<Stored>(std::chrono::seconds(0));
  EXPECT_EQ(result.verdict, Verdict::inconclusive);
  EXPECT_EQ(result.clauses.at("ST-SET-01"), Verdict::inconclusive);
  EXPECT_THAT(result.reason, HasSubstr("(sampled: 0 of them)"));
}

TEST_F(TraceSweepTest, WithTimeItIsExhaustive) {
  const TestResult result = sweep<Stored>();
  EXPECT_EQ(result.verdict, Verdict::pass) << result.reason;
  EXPECT_EQ(result.clauses.at("ST-SET-01"), Verdict::pass);
  EXPECT_THAT(result.reason, HasSubstr("(exhaustive)"));
}

// A worker dies in a store, by the trace's own plan; the sweep is of what the other finds.
template <bool marked>
class Recovered final : public Scenario {
 public:
  using Scenario::Scenario;

 private:
  void steps() override {
    auto [victim, survivor] = workers<2>();
    act(ActionKind::arm, {{"point", "static/store/publish"}, {"effect", "kill"}});
    auto doomed = victim.request();
    doomed.ends("any");
    doomed.set("k", 1);
    if (marked) act(ActionKind::arm, {{"point", "*"}, {"effect", "count"}});
    expect(survivor.set("k", 2), true);
    act(ActionKind::disarm, {});
  }
};

TEST_F(TraceSweepTest, WhatATraceArmsItselfStaysWhereItMarksAPlaceForMore) {
  const TestResult result = sweep<Recovered<true>>();
  EXPECT_EQ(result.verdict, Verdict::pass) << result.reason;
  EXPECT_GT(result.evidence.points.at("static/recover").fired, 0u);
  EXPECT_GT(result.evidence.points.at("static/store/publish").fired, result.evidence.points.at("static/recover").fired)
      << "the death that the trace itself plans comes in each run";
}

TEST_F(TraceSweepTest, WhereItMarksNoPlaceItIsASkip) {
  EXPECT_EQ(sweep<Recovered<false>>().verdict, Verdict::skip);
}

TEST_F(TraceSweepTest, OnlyVisitsBehindTheMarkAreCounted) {
  const Trace trace = Recovered<true>(target_->description()).build("counted", {});
  const Execution counted = Executor(*target_, folder_.path()).run(armed_with(trace, {"*", "count", ""}, 1));
  EXPECT_EQ(counted.verdict, Verdict::pass) << counted.reason;
  EXPECT_EQ(counted.counted.at("static/store/publish"), 1u);
  EXPECT_EQ(counted.evidence.points.at("static/store/publish").reached, 2u);
}

}  // namespace
}  // namespace assay::conformance
