#include "conformance/exploration/crash_states.h"

#include <gtest/gtest.h>

#include "conformance/exploration/campaign.h"
#include "conformance/runner/temporary_folder.h"
#include "conformance/tests/execution/doomed_store.h"

namespace assay::conformance {
namespace {

class CrashStatesTest : public testing::Test {
 protected:
  Trace trace(Matcher found) {
    return DoomedStore(target_->description(), "image", std::move(found)).build("one store", {"GU-VAL-02"});
  }
  TestResult explore(const Trace& pattern, std::size_t most) {
    return Campaign(*target_, folder_.path()).run(CrashStates(pattern, most));
  }
  Execution run(const Trace& trace) { return Executor(*target_, folder_.path()).run(trace); }

  TemporaryFolder folder_ = *TemporaryFolder::create();
  std::unique_ptr<Target> target_ = *make_target("reference");
};

TEST_F(CrashStatesTest, FindsTheValueInWholeOrNotAtAllInEveryState) {
  const TestResult result = explore(trace(one_of({Value("none"), Value(7)})), 0);
  EXPECT_EQ(result.verdict, Verdict::pass) << result.reason;
  EXPECT_GT(result.evidence.crash_states, 10u);
}

TEST_F(CrashStatesTest, ReportsTheOutcomeThatIsWrongWithTheStateThatReplaysIt) {
  const TestResult result = explore(trace(equals(Value("none"))), 0);
  ASSERT_EQ(result.verdict, Verdict::fail) << "once it is published the value is there";
  ASSERT_TRUE(result.failing_trace.has_value());
  EXPECT_EQ(run(*result.failing_trace).verdict, Verdict::fail);
  Trace before = *result.failing_trace;
  ASSERT_TRUE(choose_crash_state(before, 0));
  EXPECT_EQ(run(before).verdict, Verdict::pass) << "killed before its first store";
}

TEST_F(CrashStatesTest, JudgesNoMoreStatesThanItIsAllowed) {
  const TestResult result = explore(trace(one_of({Value("none"), Value(7)})), 3);
  EXPECT_NE(result.details.find(" 3 judged"), std::string::npos) << result.details;
}

TEST_F(CrashStatesTest, SaysThatThereIsNoSuchState) {
  const Trace state = crash_at(trace(one_of({Value("none"), Value(7)})), 100000, 0, "", "kill");
  const Execution execution = run(state);
  EXPECT_EQ(execution.verdict, Verdict::inconclusive);
  EXPECT_NE(execution.reason.find("only"), std::string::npos) << execution.reason;
}

TEST_F(CrashStatesTest, SaysThatAStateMayBeAnotherThanTheOneThatWasFound) {
  const Matcher any_of_both = one_of({Value("none"), Value(7)});
  const Execution other_log = run(crash_at(trace(any_of_both), 3, 0, "0123456789abcdef", "kill"));
  EXPECT_EQ(other_log.verdict, Verdict::inconclusive) << other_log.reason;
  const Execution other_length = run(crash_at(trace(any_of_both), 3, 4711, "", "image"));
  EXPECT_EQ(other_length.verdict, Verdict::inconclusive) << other_length.reason;
  const Execution wrong_too = run(crash_at(trace(equals(Value("never"))), 3, 4711, "", "image"));
  EXPECT_EQ(wrong_too.verdict, Verdict::fail) << "what is wrong is wrong, whichever state it is";
}

}  // namespace
}  // namespace assay::conformance
