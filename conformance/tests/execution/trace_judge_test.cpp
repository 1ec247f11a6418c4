#include "conformance/execution/trace_judge.h"

#include <gmock/gmock-matchers.h>

namespace assay::conformance {
namespace {

using testing::HasSubstr;
using testing::UnorderedElementsAre;

// Two requests of one operation each; a wrong reply of the first breaks ST-GET-01, of the second ST-SET-01.
class TraceJudgeTest : public testing::Test {
 protected:
  TraceJudgeTest() : judge_(trace_, execution_) {
    trace_.clauses = {"GU-LIV-01"};
    for (const char* clause : {"ST-GET-01", "ST-SET-01"}) {
      Request request;
      request.exchanges.push_back({make_operation(OperationKind::time, {}), "", equals(1), clause});
      trace_.steps.emplace_back(request);
    }
  }
  bool judge(std::size_t step, Reply reply, Outcome::Kind kind = Outcome::Kind::completed) {
    Outcome outcome;
    outcome.kind = kind;
    outcome.replies = {std::move(reply)};
    return judge_.judge(step, std::get<Request>(trace_.steps[step]), outcome, {});
  }

  Trace trace_;
  Execution execution_;
  TraceJudge judge_;
};

TEST_F(TraceJudgeTest, TheFirstMismatchEndsTheTrace) {
  EXPECT_TRUE(judge(0, Reply::of(1)));
  EXPECT_FALSE(judge(1, Reply::of(2)));
  EXPECT_EQ(execution_.verdict, Verdict::fail);
  EXPECT_EQ(execution_.failed_step, 1u);
  EXPECT_EQ(execution_.failed_clause, "ST-SET-01");
  EXPECT_TRUE(execution_.also_broken.empty());
}

TEST_F(TraceJudgeTest, AfterACrashEverythingIsJudged) {
  judge_.begin_after_crash("");
  EXPECT_TRUE(judge(0, Reply::of(2)));
  EXPECT_TRUE(judge(1, Reply::of(3)));
  EXPECT_TRUE(judge(1, Reply::of(4))) << "one for each clause";
  judge_.close();
  EXPECT_EQ(execution_.failed_step, 0u);
  EXPECT_THAT(execution_.also_broken, UnorderedElementsAre("ST-GET-01", "ST-SET-01"));
  EXPECT_THAT(execution_.reason, HasSubstr("ST-GET-01 at step 1, time(): expected 1, got 2; ST-SET-01 at step 2"));
}

TEST_F(TraceJudgeTest, ARequestThatDiesAfterACrashBreaksTheGuaranteeOfItsEnd) {
  judge_.begin_after_crash("");
  EXPECT_FALSE(judge(0, Reply::not_run(), Outcome::Kind::died));
  EXPECT_EQ(execution_.failed_clause, "GU-LIV-01");
}

TEST_F(TraceJudgeTest, ADoubtAboutTheCrashTurnsAPassIntoNoStatement) {
  judge_.begin_after_crash("it may be another state");
  EXPECT_TRUE(judge(0, Reply::of(1)));
  judge_.close();
  EXPECT_EQ(execution_.verdict, Verdict::inconclusive);
  EXPECT_EQ(execution_.reason, "it may be another state");
}

TEST_F(TraceJudgeTest, ADoubtAboutTheCrashStandsBesideAFail) {
  judge_.begin_after_crash("it may be another state");
  judge(0, Reply::of(2));
  judge_.close();
  EXPECT_EQ(execution_.verdict, Verdict::fail);
  EXPECT_THAT(execution_.reason, HasSubstr("got 2 (it may be another state)"));
}

// `ends` of the first request, ended that way with a right reply.
class EndJudgeTest : public TraceJudgeTest {
 protected:
  bool takes(const char* ends, Outcome::Kind kind) {
    std::get<Request>(trace_.steps[0]).ends = ends;
    execution_ = Execution();
    return judge(0, kind == Outcome::Kind::completed ? Reply::of(1) : Reply::not_run(), kind);
  }
};

TEST_F(EndJudgeTest, AnyEndIsOneThatTheRequestCameToByItself) {
  for (const auto kind : {Outcome::Kind::completed, Outcome::Kind::aborted, Outcome::Kind::died})
    EXPECT_TRUE(takes("any", kind)) << to_text(kind);
  EXPECT_FALSE(takes("any", Outcome::Kind::hung)) << "the suite ended it";
  EXPECT_EQ(execution_.verdict, Verdict::fail);
  EXPECT_THAT(execution_.reason, HasSubstr("expected the request ends by itself, got the request hung"));
}

TEST_F(EndJudgeTest, ARequestWhoseWorkerLivesMayBeAborted) {
  for (const auto kind : {Outcome::Kind::completed, Outcome::Kind::aborted})
    EXPECT_TRUE(takes("lives", kind)) << to_text(kind);
  for (const auto kind : {Outcome::Kind::died, Outcome::Kind::hung, Outcome::Kind::garbage})
    EXPECT_FALSE(takes("lives", kind)) << to_text(kind);
  EXPECT_EQ(execution_.verdict, Verdict::fail);
}

TEST_F(EndJudgeTest, AnEndThatIsKnownIsTheOnlyOne) {
  EXPECT_TRUE(takes("died", Outcome::Kind::died));
  for (const auto kind : {Outcome::Kind::completed, Outcome::Kind::aborted, Outcome::Kind::hung})
    EXPECT_FALSE(takes("died", kind)) << to_text(kind);
}

TEST_F(EndJudgeTest, UnjudgedSaysNothingOfTheEndAndJudgesReplies) {
  for (const auto kind : {Outcome::Kind::aborted, Outcome::Kind::died, Outcome::Kind::hung, Outcome::Kind::garbage})
    EXPECT_TRUE(takes("unjudged", kind)) << to_text(kind);
  std::get<Request>(trace_.steps[0]).ends = "unjudged";
  EXPECT_FALSE(judge(0, Reply::of(2)));
}

TEST_F(TraceJudgeTest, WhatTheSystemRefusesIsNoStatementAndWhatBreaksIsAnError) {
  EXPECT_FALSE(judge_.stop(refusal("not allowed").value()));
  EXPECT_EQ(execution_.verdict, Verdict::inconclusive);
  EXPECT_FALSE(judge_.stop(failure("broken").value()));
  EXPECT_EQ(execution_.verdict, Verdict::error);
  EXPECT_EQ(execution_.reason, "broken");
  judge_.inconclusive("later");
  EXPECT_EQ(execution_.verdict, Verdict::error) << "the first word counts";
}

}  // namespace
}  // namespace assay::conformance
