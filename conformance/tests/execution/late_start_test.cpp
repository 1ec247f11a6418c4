#include "conformance/vocabulary/late_start.h"

#include <gmock/gmock-matchers.h>

#include "conformance/adapter/ended_start.h"
#include "conformance/execution/executor.h"
#include "conformance/scenario/scenario.h"
#include "conformance/tests/execution/scripted_target.h"
#include "conformance/tests/scenario/told_scenario.h"
#include "conformance/tests/test_folder.h"

namespace assay::conformance {
namespace {

using testing::HasSubstr;

class LateStart : public testing::Test {
 protected:
  LateStart()
      : target_([](int, std::span<const Exchange> exchanges) -> Expected<Outcome> {
          return ScriptedTarget::all(exchanges, Reply::of(7));
        }) {}
  Execution run(std::function<void(Steps&)> body) {
    const Trace trace = Steps(target_.description(), std::move(body)).build("t", {"PL-ERR-01"});
    return Executor(target_, folder_.path()).run(trace);
  }
  void ends_at_start(const std::string& said) {
    target_.refusal = said;
    target_.refusal_code = ended_while_starting;
  }

  TestFolder folder_;
  ScriptedTarget target_;
};

TEST_F(LateStart, FilesExistBeforeTheRuntime) {
  const Execution done = run([&](Steps& s) {
    auto w = s.worker();
    s.write("@/a.php", "x");
    EXPECT_EQ(target_.starts, 0);
    s.start({"the log's last", "line"});
    w.include("@/a.php");
  });
  EXPECT_EQ(done.verdict, Verdict::pass) << done.reason;
  EXPECT_EQ(target_.starts, 1);
  EXPECT_EQ(done.observations.size(), 1u);
}

TEST_F(LateStart, WhatWasNotSaidFails) {
  const Execution done = run([](Steps& s) {
    s.worker();
    s.about("PL-ERR-07");
    s.start({"last line", "a warning"});
  });
  EXPECT_EQ(done.verdict, Verdict::fail);
  EXPECT_EQ(done.failed_clause, "PL-ERR-07");
  EXPECT_THAT(done.reason, HasSubstr("step 1, start: expected a log that matches \"a warning\""));
}

TEST_F(LateStart, AStartThatFailsIsWhatWasExpected) {
  ends_at_start("it ended with status 70");
  const auto body = [](Steps& s) {
    s.worker();
    s.start_fails({"status 70"});
  };
  EXPECT_EQ(run(body).verdict, Verdict::pass);
  ends_at_start("it ended with status 254");
  EXPECT_EQ(run(body).verdict, Verdict::fail);
}

TEST_F(LateStart, AStartThatShouldHaveFailedDoes) {
  const Execution done = run([](Steps& s) {
    s.worker();
    s.start_fails({});
  });
  EXPECT_EQ(done.verdict, Verdict::fail);
  EXPECT_THAT(done.expected, HasSubstr("ends while it starts"));
}

TEST_F(LateStart, AStartThatShouldNotHaveFailedDoes) {
  ends_at_start("no memory");
  const Execution done = run([](Steps& s) {
    auto w = s.worker();
    s.start();
    w.include("@/a.php");
  });
  EXPECT_EQ(done.verdict, Verdict::fail);
  EXPECT_THAT(done.reason, HasSubstr("no memory"));
  EXPECT_TRUE(done.observations.empty());
}

TEST_F(LateStart, AnAdapterThatBreaksIsNoStartThatFails) {
  target_.refusal = "no socket";
  const Execution done = run([](Steps& s) {
    s.worker();
    s.start_fails({});
  });
  EXPECT_EQ(done.verdict, Verdict::error) << done.reason;
}

TEST_F(LateStart, NothingIsAskedBeforehand) {
  const Execution done = run([](Steps& s) {
    auto w = s.worker();
    w.include("@/a.php");
    s.start();
  });
  EXPECT_EQ(done.verdict, Verdict::error);
  EXPECT_THAT(done.reason, HasSubstr("step 1: the runtime has not started yet"));
}

TEST_F(LateStart, TheMessageKnowsTheSandboxByItsName) {
  Trace trace = Steps(target_.description(), [](Steps& s) {
                  s.worker();
                  s.start_fails({"in @/a\\.php"});
                }).build("t", {"PL-ERR-01"});
  ends_at_start("broken in " + folder_.path() + "/run1/tree/a.php");
  const Execution done = Executor(target_, folder_.path()).run(trace);
  EXPECT_EQ(done.verdict, Verdict::pass) << done.reason;
}

TEST(StartsLate, FilesClockAndFaultsMayComeFirst) {
  const auto step = [](ActionKind kind, auto... arguments) { return Step(make_action(kind, {arguments...})); };
  using Argument = std::pair<const char*, Value>;
  EXPECT_TRUE(may_precede_start(step(ActionKind::make_directory, Argument{"path", "@/d"})));
  EXPECT_TRUE(may_precede_start(step(ActionKind::advance_clock, Argument{"seconds", 1})));
  EXPECT_FALSE(may_precede_start(step(ActionKind::reload)));
  EXPECT_FALSE(may_precede_start(Step(Request{})));
  Trace trace;
  EXPECT_FALSE(starts_late(trace));
  trace.steps = {step(ActionKind::start)};
  EXPECT_TRUE(starts_late(trace));
}

}  // namespace
}  // namespace assay::conformance
