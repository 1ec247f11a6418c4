#include "conformance/execution/trace_runner.h"

#include <gtest/gtest.h>

#include "conformance/tests/execution/scripted_target.h"
#include "conformance/tests/test_folder.h"

namespace assay::conformance {
namespace {

Request request_of(std::string label, std::optional<Matcher> expected) {
  Request request;
  request.exchanges.push_back({make_operation(OperationKind::time, {}), std::move(label), std::move(expected)});
  return request;
}

// The reply labelled "first", whatever it is.
Matcher same_as_first() {
  return matchers::SameAs{{"first", {}}};
}

class TraceRunnerTest : public testing::Test {
 protected:
  TraceRunnerTest()
      : target_([](int, std::span<const Exchange> exchanges) -> Expected<Outcome> {
          return ScriptedTarget::all(exchanges, Reply::of(7));
        }) {
    options_.make_monitors = [] { return MonitorSet(); };
    prefix_.steps.emplace_back(request_of("first", equals(7)));
    prefix_.steps.emplace_back(make_action(ActionKind::advance_clock, {{"seconds", 60}}));
    bed_ = std::move(*TestBed::start(target_, prefix_.configuration, folder_.path() + "/run"));
  }
  std::optional<Knowledge> run_prefix() { return TraceRunner(prefix_, *bed_, options_).run_prefix(); }

  TestFolder folder_;
  ScriptedTarget target_;
  ExecutorOptions options_;
  Trace prefix_;
  std::unique_ptr<TestBed> bed_;
};

TEST_F(TraceRunnerTest, APrefixTeachesTheRestWhatItNeeds) {
  const auto known = run_prefix();
  ASSERT_TRUE(known);
  EXPECT_EQ(known->now, clock_start + 60);
  ASSERT_EQ(known->history.size(), 2u);
  EXPECT_TRUE(std::holds_alternative<Observation>(known->history[0]));
  EXPECT_EQ(std::get<ActionTaken>(known->history[1]).now, clock_start + 60);

  Trace whole = prefix_;
  whole.steps.emplace_back(request_of("", same_as_first()));
  const Execution rest = TraceRunner(whole, *bed_, options_, *known).run_rest(prefix_.steps.size());
  EXPECT_EQ(rest.verdict, Verdict::pass) << rest.reason;
  EXPECT_EQ(rest.ended_at, clock_start + 60);
  EXPECT_EQ(rest.observations.size(), 1u);
  EXPECT_EQ(rest.observations.front().step, prefix_.steps.size());
}

TEST_F(TraceRunnerTest, TheRestOfARestKnowsBoth) {
  const auto known = run_prefix();
  Trace whole = prefix_;
  whole.steps = {request_of("second", std::nullopt)};
  const auto more = TraceRunner(whole, *bed_, options_, *known).run_prefix();
  ASSERT_TRUE(more);
  EXPECT_EQ(more->history.size(), 3u);
  EXPECT_TRUE(more->labelled.contains("first") && more->labelled.contains("second"));
}

TEST_F(TraceRunnerTest, APrefixThatLeavesSomethingUnderWayIsNone) {
  prefix_.steps.emplace_back(make_action(ActionKind::arm, {{"point", "static/store/publish"}, {"effect", "count"}}));
  EXPECT_FALSE(run_prefix());
  prefix_.steps.back() = make_action(ActionKind::explore_crash, {{"worker", 0}});
  EXPECT_FALSE(run_prefix());
  Request late = request_of("", std::nullopt);
  late.background = "late";
  prefix_.steps.back() = late;
  EXPECT_FALSE(run_prefix());
  prefix_.steps.back() = request_of("", equals(8));
  EXPECT_FALSE(run_prefix());
}

}  // namespace
}  // namespace assay::conformance
