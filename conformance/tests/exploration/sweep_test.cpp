#include "conformance/exploration/sweep.h"

#include <gtest/gtest.h>

#include "conformance/exploration/campaign.h"
#include "conformance/exploration/paused_visits.h"
#include "conformance/runner/temporary_folder.h"
#include "conformance/scenario/scenario.h"
#include "conformance/tests/execution/scripted_target.h"

namespace assay::conformance {
namespace {

// Two stores, any of which may be refused; then what is expected of the value.
class Stores final : public Scenario {
 public:
  Stores(const Description& target, Matcher found) : Scenario(target), found_(std::move(found)) {}

 private:
  void steps() override {
    auto [w, other] = workers<2>();
    act(ActionKind::arm, {{"point", "*"}, {"effect", "count"}});
    for (const char* value : {"first", "second"}) {
      auto request = w.request();
      request.ends("any");
      request.set("k", value);
    }
    act(ActionKind::disarm, {});
    expect(other.get("k", "none"), found_);
  }
  Matcher found_;
};

class SweepTest : public testing::Test {
 protected:
  Trace stores(Matcher found = one_of({"none", "first", "second"})) {
    return Stores(target_->description(), std::move(found)).build("stores", {"GU-VAL-02"});
  }
  TestResult run(TraceSource& source, CampaignOptions options = {}) {
    return Campaign(*target_, folder_.path(), options).run(source);
  }
  std::unique_ptr<Target> target_ = *make_target("reference");
  TemporaryFolder folder_ = *TemporaryFolder::create();
};

const SweptFault refused{.point = "static/lock/acquire", .effect = "fail", .error = "ENOLCK"};
const SweptFault killed{.point = "static/store/publish", .effect = "kill", .error = ""};

TEST_F(SweepTest, EndsAtTheFirstVisitThatDoesNotExist) {
  Sweep sweep(10);
  sweep.add(stores(), refused);
  const TestResult result = run(sweep, {.least = 2});
  EXPECT_EQ(result.verdict, Verdict::pass) << result.reason;
  EXPECT_EQ(result.evidence.faults_fired, 2u) << "one for each store";
  EXPECT_EQ(result.evidence.traces, 1u + 2 + 1) << "the count, two opportunities, and one too late";
  EXPECT_EQ(result.evidence.crash_states, 0u);
}

TEST_F(SweepTest, TriesNoMoreOpportunitiesThanItIsAllowed) {
  Sweep sweep(1);
  sweep.add(stores(), refused);
  EXPECT_EQ(run(sweep).evidence.faults_fired, 1u);
}

TEST_F(SweepTest, AKillIsACrashState) {
  Sweep sweep(10);
  sweep.add(stores(), refused);
  sweep.add(stores(), killed);
  const TestResult result = run(sweep, {.least = 3});
  EXPECT_EQ(result.verdict, Verdict::pass) << result.reason;
  EXPECT_GE(result.evidence.crash_states, 1u);
}

TEST_F(SweepTest, WhatATraceNeverVisitsIsNotTried) {
  Sweep sweep(10);
  sweep.add(stores(), refused);
  sweep.add(stores(), {.point = "restart/*", .effect = "kill", .error = ""});
  EXPECT_EQ(run(sweep).evidence.traces, 1u + 2 + 1);
}

TEST_F(SweepTest, TheFailureNamesItsVisit) {
  Sweep sweep(10);
  sweep.add(stores(equals("second")), refused);
  const TestResult result = run(sweep);
  ASSERT_EQ(result.verdict, Verdict::fail) << "the second store was refused";
  EXPECT_NE(result.failing_trace->name.find("ENOLCK at static/lock/acquire, at 2"), std::string::npos)
      << result.failing_trace->name;
}

TEST_F(SweepTest, AFaultThatCanHappenNowhereIsASkip) {
  Sweep sweep(10);
  sweep.add(stores(), {.point = "restart/*", .effect = "kill", .error = ""});
  const TestResult result = run(sweep);
  EXPECT_EQ(result.verdict, Verdict::skip);
  EXPECT_NE(result.reason.find("visits none of the points"), std::string::npos);
}

TEST_F(SweepTest, TooFewOpportunitiesAreInconclusive) {
  Sweep sweep(10);
  sweep.add(stores(), refused);
  const TestResult result = run(sweep, {.least = 3});
  EXPECT_EQ(result.verdict, Verdict::inconclusive);
  EXPECT_EQ(result.reason, "only 2 opportunities (3 are needed)");
}

// A worker is paused in its store while another one reads.
class PausedStore final : public Scenario {
 public:
  PausedStore(const Description& target, PointVisit at, const char* effect)
      : Scenario(target), at_(std::move(at)), effect_(effect) {}

 private:
  void steps() override {
    auto [writer, reader] = workers<2>();
    act(ActionKind::arm, {{"point", at_.point},
                          {"effect", effect_},
                          {"occurrence", static_cast<std::int64_t>(at_.visit)},
                          {"worker", 0}});
    auto request = writer.background("writer");
    request.ends("any");
    request.set("k", large());
    wait_until_blocked(writer);
    expect(reader.get("k", "none"), one_of({large(), "none"}));
    act(ActionKind::unpause, {{"point", "*"}, {"worker", 0}});
    await("writer");
  }
  static Value large() { return Value::list(std::vector<Value>(50, Value("large"))); }

  PointVisit at_;
  const char* effect_;
};

TEST_F(SweepTest, AWorkerIsPausedAtEachVisitThatThereIs) {
  const auto with = [&](const char* effect) {
    return [this, effect](const PointVisit& at) {
      return PausedStore(target_->description(), at, effect).build("paused", {});
    };
  };
  PausedVisits visits({"static/fetch/found", "static/store/copy", "static/store/publish"}, 3, with("kill"),
                      with("pause"));
  const TestResult result = run(visits, {.least = 2});
  EXPECT_EQ(result.verdict, Verdict::pass) << result.reason;
  EXPECT_EQ(result.evidence.interleavings, 2u);
  PausedVisits none({"static/fetch/found"}, 3, with("kill"), with("pause"));
  EXPECT_EQ(run(none).verdict, Verdict::skip);
}

}  // namespace
}  // namespace assay::conformance
