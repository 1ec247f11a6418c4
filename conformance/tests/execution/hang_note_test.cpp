#include "conformance/execution/hang_note.h"

#include <gmock/gmock-matchers.h>
#include <gmock/gmock-more-matchers.h>

#include "conformance/execution/executor.h"
#include "conformance/tests/execution/scripted_target.h"
#include "conformance/tests/test_folder.h"

namespace assay::conformance {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class HangNoteTest : public testing::Test {
 protected:
  HangNoteTest() {
    Request request;
    request.exchanges.push_back({make_operation(OperationKind::time, {}), "", std::nullopt});
    trace_.steps = {request};
    trace_.clauses = {"GU-LIV-01"};
    trace_.note = "left to chance";
  }
  Execution run(Outcome::Kind kind) {
    ScriptedTarget target([kind](int, std::span<const Exchange> exchanges) -> Expected<Outcome> {
      Outcome outcome = ScriptedTarget::all(exchanges, Reply::of(7), kind);
      outcome.detail = "process 4711 sleeps";
      return outcome;
    });
    return Executor(target, folder_.path()).run(trace_);
  }

  TestFolder folder_;
  Trace trace_;
};

TEST_F(HangNoteTest, AFailingTraceSaysWhatHung) {
  const TestResult result = result_of(run(Outcome::Kind::hung), trace_);
  ASSERT_TRUE(result.failing_trace);
  EXPECT_EQ(result.failing_trace->note,
            "left to chance\nFound with a request that hung: step 1, the request hung: process 4711 sleeps");
}

TEST_F(HangNoteTest, AReplaySaysThatTheHangDidNotComeAgain) {
  trace_ = *result_of(run(Outcome::Kind::hung), trace_).failing_trace;
  EXPECT_THAT(missing_hang(trace_, run(Outcome::Kind::completed)),
              HasSubstr("did not come again (step 1, the request hung: process 4711 sleeps)"));
  EXPECT_THAT(missing_hang(trace_, run(Outcome::Kind::hung)), IsEmpty());
}

TEST_F(HangNoteTest, OtherFailuresAreNotNoted) {
  trace_ = *result_of(run(Outcome::Kind::died), trace_).failing_trace;
  EXPECT_EQ(trace_.note, "left to chance");
  EXPECT_THAT(missing_hang(trace_, run(Outcome::Kind::completed)), IsEmpty());
}

}  // namespace
}  // namespace assay::conformance
