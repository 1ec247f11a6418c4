#include "conformance/exploration/system_call_kills.h"

#include <gtest/gtest.h>
#include <re2/re2.h>

#include "conformance/exploration/campaign.h"
#include "conformance/runner/temporary_folder.h"
#include "conformance/tests/execution/doomed_store.h"
#include "conformance/tests/execution/scripted_target.h"

namespace assay::conformance {
namespace {

class SystemCallKillsTest : public testing::Test {
 protected:
  static Matcher either() { return one_of({Value("none"), Value(7)}); }
  static Matcher never() { return equals(Value("never")); }
  // Right for every death before the store is done.
  static Matcher nothing() { return equals(Value("none")); }

  Trace trace(Matcher found) {
    return DoomedStore(target_->description(), "call", std::move(found)).build("one store", {"GU-VAL-02"});
  }
  TestResult explore(Matcher found, std::size_t most = 0) {
    return Campaign(*target_, folder_.path()).run(SystemCallKills(trace(std::move(found)), most));
  }
  Execution run(const Trace& trace) { return Executor(*target_, folder_.path()).run(trace); }

  TemporaryFolder folder_ = *TemporaryFolder::create();
  std::unique_ptr<Target> target_ = *make_target("reference");
};

// "7 system calls, 8 deaths judged, ...".
std::pair<std::size_t, std::size_t> calls_and_deaths(const TestResult& result) {
  std::size_t calls = 0, deaths = 0;
  EXPECT_TRUE(re2::RE2::PartialMatch(result.details, "([0-9]+) system calls, ([0-9]+) deaths judged", &calls, &deaths))
      << result.details;
  return {calls, deaths};
}

TEST_F(SystemCallKillsTest, JudgesADeathBeforeEachCallAndOneAfterTheLast) {
  const TestResult result = explore(either());
  EXPECT_EQ(result.verdict, Verdict::pass) << result.reason;
  const auto [calls, deaths] = calls_and_deaths(result);
  EXPECT_GE(calls, 3u) << "it takes a lock, gives it back, and answers";
  EXPECT_EQ(deaths, calls + 1);
  EXPECT_EQ(result.evidence.crash_states, deaths + 1) << "and the one after the request that was counted";
  EXPECT_EQ(result.clauses.at("GU-VAL-02"), Verdict::pass);
}

TEST_F(SystemCallKillsTest, ReportsTheFirstDeathThatBreaksSomethingAndNamesTheOthers) {
  const TestResult result = explore(nothing());
  ASSERT_EQ(result.verdict, Verdict::fail) << "once it is published the value is there";
  EXPECT_EQ(result.clauses.at("GU-VAL-02"), Verdict::fail);
  EXPECT_NE(result.reason.find("deaths break GU-VAL-02: before call "), std::string::npos) << result.reason;
  EXPECT_NE(result.reason.find("(the end)"), std::string::npos) << "the call of each death is named: " << result.reason;
  ASSERT_TRUE(result.failing_trace.has_value());
  EXPECT_NE(result.failing_trace->name.find("(killed before system call "), std::string::npos);
  EXPECT_EQ(run(*result.failing_trace).verdict, Verdict::fail);
  Trace before = *result.failing_trace;
  ASSERT_TRUE(choose_crash_state(before, 0));
  EXPECT_EQ(run(before).verdict, Verdict::pass) << "killed before its first call";
}

TEST_F(SystemCallKillsTest, CountsHowManyOfThemBreakIt) {
  const TestResult result = explore(never());
  ASSERT_EQ(result.verdict, Verdict::fail);
  const auto [calls, deaths] = calls_and_deaths(result);
  const std::string all = std::to_string(calls + 1);
  EXPECT_EQ(result.reason.find(all + " of " + all + " deaths break a guarantee"), 0u) << result.reason;
}

TEST_F(SystemCallKillsTest, TriesNoMoreDeathsThanItIsAllowedTheFirstAndTheLastAmongThem) {
  const TestResult result = explore(never(), 3);
  const auto [calls, deaths] = calls_and_deaths(result);
  EXPECT_EQ(deaths, 3u);
  EXPECT_NE(result.reason.find("before call 0 ("), std::string::npos) << result.reason;
  EXPECT_NE(result.reason.find(std::to_string(calls) + " (the end)"), std::string::npos) << result.reason;
}

TEST(ChosenKills, HaveAllAroundChangesOfFilesWhateverTheSample) {
  CrashSurvey calls;
  calls.stores = 40;
  for (std::size_t i = 0; i < calls.stores; ++i) calls.prefix_names[i] = "fstat";
  EXPECT_EQ(chosen_kills(calls, 3), (std::vector<std::size_t>{0, 20, 40}));
  EXPECT_EQ(chosen_kills(calls, 0).size(), 41u);
  calls.prefix_names[8] = "openat";
  calls.prefix_names[11] = "write";
  EXPECT_EQ(chosen_kills(calls, 3), (std::vector<std::size_t>{0, 10, 11, 20, 40}));
  calls.prefix_names[0] = "write";
  EXPECT_EQ(chosen_kills(calls, 3), (std::vector<std::size_t>{0, 10, 11, 20, 40}));
}

TEST_F(SystemCallKillsTest, SaysSoWhereWorkersHaveNoProcess) {
  ScriptedTarget target([](int, std::span<const Exchange> exchanges) {
    return ScriptedTarget::all(exchanges, Reply::of(Value("none")));
  });
  target.description().features.insert({"static_cache", "static_cache.volatile", "workers.processes"});
  const Trace pattern = DoomedStore(target.description(), "call", nothing()).build("one store", {"GU-VAL-02"});
  const TestResult result = Campaign(target, folder_.path()).run(SystemCallKills(pattern, 0));
  EXPECT_EQ(result.verdict, Verdict::error) << result.reason;
  EXPECT_NE(result.reason.find("no process that could be followed"), std::string::npos) << result.reason;
}

// A death that is to come after more calls than the request makes comes when the worker is idle again.
TEST_F(SystemCallKillsTest, AStateBeyondTheLastCallIsTheEndOfTheRequest) {
  const Execution execution = run(crash_at(trace(equals(Value(7))), 100000, 0, "", "call"));
  EXPECT_EQ(execution.verdict, Verdict::pass) << execution.reason;
}

}  // namespace
}  // namespace assay::conformance
