#include "conformance/execution/executor.h"

#include <gmock/gmock-matchers.h>
#include <gmock/gmock-more-matchers.h>

#include "conformance/scenario/scenario.h"
#include "conformance/tests/execution/scripted_target.h"
#include "conformance/tests/scenario/told_scenario.h"
#include "conformance/tests/test_folder.h"

namespace assay::conformance {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class ExecutorTest : public testing::Test {
 protected:
  Execution run(ScriptedTarget& target, const Trace& trace) { return Executor(target, folder_.path()).run(trace); }
  static Trace trace_of(ScriptedTarget& target, std::function<void(Steps&)> body) {
    return Steps(target.description(), std::move(body)).build("a trace", {"SC-VAL-02", "SC-KEY-01"});
  }
  // One request of one worker that expects "new" of a file.
  static Trace one_include(ScriptedTarget& target) {
    return trace_of(target, [](Steps& s) {
      auto w = s.worker();
      s.expect(w.include("@/a.php"), "new");
    });
  }

  TestFolder folder_;
};

ScriptedTarget answering(const Reply& reply, Outcome::Kind kind = Outcome::Kind::completed) {
  return ScriptedTarget([=](int, std::span<const Exchange> exchanges) -> Expected<Outcome> {
    return ScriptedTarget::all(exchanges, reply, kind);
  });
}

TEST_F(ExecutorTest, TheRightReplyPassesEveryClauseOfTheTrace) {
  ScriptedTarget target = answering(Reply::of("new"));
  const Trace trace = one_include(target);
  const Execution execution = run(target, trace);
  EXPECT_EQ(execution.verdict, Verdict::pass) << execution.reason;
  EXPECT_EQ(execution.evidence.operations, 1u);
  const TestResult result = result_of(execution, trace);
  EXPECT_EQ(result.clauses.at("SC-VAL-02"), Verdict::pass);
  EXPECT_EQ(result.clauses.at("SC-KEY-01"), Verdict::pass);
}

// Refuses the first `refusals` requests, and then answers as it should.
ScriptedTarget refusing(int refusals, int& asked) {
  return ScriptedTarget([refusals, &asked](int, std::span<const Exchange> exchanges) -> Expected<Outcome> {
    if (++asked <= refusals) return refusal("no process could be made");
    return ScriptedTarget::all(exchanges, Reply::of("new"));
  });
}

TEST_F(ExecutorTest, WhatTheMachineRefusesIsAskedForAgain) {
  int asked = 0;
  ScriptedTarget target = refusing(2, asked);
  const Execution execution = run(target, one_include(target));
  EXPECT_EQ(execution.verdict, Verdict::pass) << execution.reason;
  EXPECT_FALSE(execution.was_refused);
  EXPECT_EQ(asked, 3);
}

TEST_F(ExecutorTest, WhatTheMachineRefusesThreeTimesIsInconclusive) {
  int asked = 0;
  ScriptedTarget target = refusing(3, asked);
  const Execution execution = run(target, one_include(target));
  EXPECT_EQ(execution.verdict, Verdict::inconclusive);
  EXPECT_THAT(execution.reason, HasSubstr("no process could be made"));
  EXPECT_EQ(asked, 3);
}

TEST_F(ExecutorTest, AWrongReplyFailsTheClauseThatNamesTheTraceAndSaysNothingOfOthers) {
  ScriptedTarget target = answering(Reply::of("old"));
  const Trace trace = one_include(target);
  const Execution execution = run(target, trace);
  EXPECT_EQ(execution.verdict, Verdict::fail);
  EXPECT_EQ(execution.expected, "\"new\"");
  EXPECT_EQ(execution.actual, "\"old\"");
  EXPECT_THAT(execution.log, HasSubstr("the log's last line"));
  const TestResult result = result_of(execution, trace);
  EXPECT_EQ(result.clauses.at("SC-VAL-02"), Verdict::fail);
  EXPECT_FALSE(result.clauses.contains("SC-KEY-01"));
  EXPECT_TRUE(result.failing_trace.has_value());
}

TEST_F(ExecutorTest, AWrongReplyFailsTheClauseThatTheScenarioWasAbout) {
  ScriptedTarget target = answering(Reply::of("old"));
  const Trace trace = trace_of(target, [](Steps& s) {
    auto w = s.worker();
    s.expect(w.include("@/a.php"), "old");
    s.about("GU-LIV-02");
    s.expect(w.include("@/a.php"), "new");
  });
  const TestResult result = result_of(run(target, trace), trace);
  EXPECT_EQ(result.verdict, Verdict::fail);
  EXPECT_EQ(result.clauses.at("GU-LIV-02"), Verdict::fail);
  EXPECT_FALSE(result.clauses.contains("SC-VAL-02"));
}

TEST_F(ExecutorTest, AThrownErrorIsNoValue) {
  ScriptedTarget target = answering(Reply::thrown("Error", "no"));
  EXPECT_EQ(run(target, one_include(target)).verdict, Verdict::fail);
}

TEST_F(ExecutorTest, AnOperationThatTheTargetDoesNotKnowIsASkipWithItsReason) {
  ScriptedTarget target = answering(Reply::unsupported("not built in"));
  const Execution execution = run(target, one_include(target));
  EXPECT_EQ(execution.verdict, Verdict::skip);
  EXPECT_THAT(execution.reason, HasSubstr("not built in"));
}

TEST_F(ExecutorTest, AWorkerThatDiesHangsOrSendsGarbageIsAFailAndIsReplacedWhereItMustBe) {
  for (const auto kind : {Outcome::Kind::died, Outcome::Kind::hung, Outcome::Kind::garbage, Outcome::Kind::aborted}) {
    ScriptedTarget target = answering(Reply::not_run(), kind);
    const Execution execution = run(target, one_include(target));
    EXPECT_EQ(execution.verdict, Verdict::fail) << to_text(kind);
    EXPECT_THAT(execution.actual, HasSubstr(std::string(to_text(kind))));
  }
}

TEST_F(ExecutorTest, ARequestThatHangsFailsAlsoWhereItsWorkerCannotBeReplaced) {
  ScriptedTarget target = answering(Reply::not_run(), Outcome::Kind::hung);
  target.can_replace = false;
  EXPECT_EQ(run(target, one_include(target)).verdict, Verdict::fail);
  const Trace in_background = trace_of(target, [](Steps& s) {
    auto w = s.worker().background("b");
    s.expect(w.include("@/a.php"), "new");
  });
  EXPECT_EQ(run(target, in_background).verdict, Verdict::fail);
}

TEST_F(ExecutorTest, ARequestThatMayEndAnyhowLeavesAReplacedWorker) {
  ScriptedTarget target = answering(Reply::not_run(), Outcome::Kind::died);
  const Trace trace = trace_of(target, [](Steps& s) {
    auto w = s.worker();
    auto doomed = w.request();
    doomed.ends("any");
    s.expect(doomed.include("@/a.php"), "new");
  });
  EXPECT_EQ(run(target, trace).verdict, Verdict::pass);
  EXPECT_THAT(target.replaced, ElementsAre(0));
}

TEST_F(ExecutorTest, AnAdapterThatBreaksIsAnErrorNotAFail) {
  ScriptedTarget target(
      [](int, std::span<const Exchange>) -> Expected<Outcome> { return failure("the socket is gone"); });
  const Execution execution = run(target, one_include(target));
  EXPECT_EQ(execution.verdict, Verdict::error);
  EXPECT_THAT(execution.reason, HasSubstr("the socket is gone"));
}

TEST_F(ExecutorTest, WhatABusyMachineLeavesUndecidedIsInconclusive) {
  ScriptedTarget target([](int, std::span<const Exchange>) -> Expected<Outcome> { return refusal("too busy"); });
  const Trace trace = one_include(target);
  const Execution execution = run(target, trace);
  EXPECT_EQ(execution.verdict, Verdict::inconclusive);
  EXPECT_EQ(execution.reason, "too busy");
  EXPECT_EQ(result_of(execution, trace).clauses.at("SC-VAL-02"), Verdict::inconclusive);
}

TEST_F(ExecutorTest, ATargetThatDoesNotStartIsAnErrorWithItsOwnWords) {
  ScriptedTarget target = answering(Reply::of("new"));
  target.refusal = "no shared memory";
  const Execution execution = run(target, one_include(target));
  EXPECT_EQ(execution.verdict, Verdict::error);
  EXPECT_THAT(execution.reason, HasSubstr("no shared memory"));
}

TEST_F(ExecutorTest, AFaultThatNeverFiresIsInconclusive) {
  ScriptedTarget target = answering(Reply::of("new"));
  const Trace trace = trace_of(target, [](Steps& s) {
    auto w = s.worker();
    s.act(ActionKind::arm, {{"point", "lock/write/acquire"}, {"effect", "fail"}, {"error", "EINTR"}});
    s.expect(w.include("@/a.php"), "new");
  });
  const Execution execution = run(target, trace);
  EXPECT_EQ(execution.verdict, Verdict::inconclusive);
  EXPECT_THAT(execution.reason, HasSubstr("lock/write/acquire"));
}

TEST_F(ExecutorTest, AFailBesideAFaultThatNeverFiredStaysAFail) {
  ScriptedTarget target = answering(Reply::of("old"));
  const Trace trace = trace_of(target, [](Steps& s) {
    auto w = s.worker();
    s.act(ActionKind::arm, {{"point", "lock/write/acquire"}, {"effect", "fail"}, {"error", "EINTR"}});
    s.expect(w.include("@/a.php"), "new");
  });
  EXPECT_EQ(run(target, trace).verdict, Verdict::fail);
}

TEST_F(ExecutorTest, AnUnknownPointIsAnErrorThatNamesIt) {
  ScriptedTarget target = answering(Reply::of("new"));
  const Trace trace = trace_of(target, [](Steps& s) {
    auto w = s.worker();
    s.act(ActionKind::arm, {{"point", "lock/of/nobody"}, {"effect", "fail"}, {"error", "EINTR"}});
    s.expect(w.include("@/a.php"), "new");
  });
  const Execution execution = run(target, trace);
  EXPECT_EQ(execution.verdict, Verdict::error);
  EXPECT_THAT(execution.reason, HasSubstr("lock/of/nobody"));
}

TEST_F(ExecutorTest, AMonitorFailsItsOwnClauseAndNoOther) {
  // The values of a literal script come back as another value each time: invented.
  ScriptedTarget target = answering(Reply::of("invented"));
  const Trace trace = trace_of(target, [](Steps& s) {
    auto w = s.worker();
    s.act(ActionKind::write, {{"path", "@/a.php"}, {"content", "<?php\nreturn 'real';\n"}});
    w.include("@/a.php");
  });
  const Execution execution = run(target, trace);
  ASSERT_EQ(execution.verdict, Verdict::fail);
  const TestResult result = result_of(execution, trace);
  EXPECT_EQ(result.clauses.at("GU-VAL-01"), Verdict::fail);
  EXPECT_EQ(result.clauses.at("SC-VAL-02"), Verdict::pass);
  EXPECT_THAT(result.details, HasSubstr("GU-VAL-01"));
}

TEST_F(ExecutorTest, AnActionThatLeadsOutIsAnErrorThatNamesItsStep) {
  ScriptedTarget target = answering(Reply::of("new"));
  const std::string outside = folder_.path() + "-outside";
  const Execution execution = run(target, trace_of(target, [&](Steps& s) {
                                    auto w = s.worker();
                                    s.expect(w.include("@/a.php"), "new");
                                    s.act(ActionKind::make_directory, {{"path", outside}});
                                    s.expect(w.include("@/a.php"), "new");
                                  }));
  EXPECT_EQ(execution.verdict, Verdict::error);
  EXPECT_EQ(execution.leads_out, 1u);
  EXPECT_EQ(execution.observations.size(), 1u);
  EXPECT_FALSE(std::filesystem::exists(outside));
}

TEST_F(ExecutorTest, LeavesItsFolderEmpty) {
  ScriptedTarget target = answering(Reply::of("old"));
  run(target, trace_of(target, [](Steps& s) {
        auto w = s.worker();
        s.act(ActionKind::make_directory, {{"path", "@/closed"}});
        s.act(ActionKind::set_mode, {{"path", "@/closed"}, {"mode", 0}});
        s.expect(w.include("@/a.php"), "new");
      }));
  EXPECT_THAT(std::vector<std::filesystem::path>(std::filesystem::directory_iterator(folder_.path()), {}), IsEmpty());
}

}  // namespace
}  // namespace assay::conformance
