#include "conformance/runner/runner.h"

#include <gmock/gmock-matchers.h>
#include <signal.h>
#include <unistd.h>

#include <map>

#include "conformance/runner/processes.h"
#include "conformance/tests/crowded_processor.h"
#include "conformance/tests/execution/scripted_target.h"
#include "conformance/tests/test_folder.h"

namespace assay::conformance {
namespace {

using testing::HasSubstr;

class RunnerTest : public testing::Test {
 protected:
  RunnerTest()
      : target_([](int, std::span<const Exchange> exchanges) -> Expected<Outcome> {
          return ScriptedTarget::all(exchanges, Reply::of(true));
        }) {
    adopt_orphans();
  }

  void add(const std::string& name, std::function<TestResult(TestContext&)> body, int seconds = 30) {
    TestCase test;
    test.id = name;
    test.kind = "property";
    test.clauses = {"SC-VAL-02", "SC-KEY-01"};
    test.body = std::move(body);
    test.seconds_limit = seconds;
    tests_.push_back(std::make_unique<TestCase>(std::move(test)));
  }

  std::map<std::string, TestResult> run(const std::function<bool()>& interrupted = [] { return false; }) {
    std::vector<const TestCase*> tests;
    for (const auto& test : tests_) tests.push_back(test.get());
    RunnerOptions options;
    options.folder = folder_.path();
    options.contract = contract_;
    std::map<std::string, TestResult> results;
    run_tests(
        tests, target_, options, [&](TestResult result) { results[result.test] = result; }, interrupted);
    return results;
  }

  Contract contract_ = Contract::portable();
  ScriptedTarget target_;
  TestFolder folder_;
  std::vector<std::unique_ptr<TestCase>> tests_;
};

TEST_F(RunnerTest, ReportsWhatEachTestFound) {
  add("passes", [](TestContext&) { return TestResult(); });
  add("fails", [](TestContext&) {
    TestResult result;
    result.verdict = Verdict::fail;
    result.reason = "it is wrong";
    return result;
  });
  const auto results = run();
  EXPECT_EQ(results.at("passes").verdict, Verdict::pass);
  EXPECT_EQ(results.at("passes").clauses.size(), 2u);
  EXPECT_EQ(results.at("fails").verdict, Verdict::fail);
  EXPECT_EQ(results.at("fails").reason, "it is wrong");
  EXPECT_EQ(results.at("fails").clauses.at("SC-VAL-02"), Verdict::fail);
  EXPECT_FALSE(results.at("fails").clauses.contains("SC-KEY-01"));
}

// SC-PER-05 is gone since 8.3.
TEST_F(RunnerTest, ATestOfAClauseThatIsNotInForceIsSkipped) {
  for (const auto& [contract, verdict] : {std::pair("php-8.2", Verdict::fail), std::pair("php-8.3", Verdict::skip)}) {
    contract_ = Contract::named(contract).value();
    tests_.clear();
    add("dated", [](TestContext&) {
      TestResult result;
      result.verdict = Verdict::fail;
      return result;
    });
    tests_.back()->clauses = {"SC-VAL-02", "SC-PER-05"};
    const auto results = run();
    EXPECT_EQ(results.at("dated").verdict, verdict) << contract;
    if (verdict == Verdict::skip) {
      EXPECT_THAT(results.at("dated").reason, HasSubstr("SC-PER-05 holds since PHP 8.2.5, until PHP 8.3"));
    }
  }
}

TEST_F(RunnerTest, ATestThatWaitsForAProcessorIsNotTooLong) {
  const CrowdedProcessor crowded;
  add(
      "starves",
      [&](TestContext&) {
        crowded.put(0);
        work_for(std::chrono::milliseconds(300));
        return TestResult();
      },
      1);
  const auto results = run();
  EXPECT_EQ(results.at("starves").verdict, Verdict::pass) << results.at("starves").reason;
  EXPECT_GT(results.at("starves").seconds, 1) << "else this shows nothing";
}

TEST_F(RunnerTest, ATestThatCrashesIsAnErrorAndTheOthersGoOn) {
  add("crashes", [](TestContext&) -> TestResult {
    ::signal(SIGSEGV, SIG_DFL);
    ::raise(SIGSEGV);
    return {};
  });
  add("throws", [](TestContext&) -> TestResult { throw std::runtime_error("unforeseen"); });
  add("leaves", [](TestContext&) -> TestResult { ::_exit(0); });
  add("passes", [](TestContext&) { return TestResult(); });
  const auto results = run();
  EXPECT_EQ(results.at("crashes").verdict, Verdict::error);
  EXPECT_EQ(results.at("throws").verdict, Verdict::error);
  EXPECT_THAT(results.at("throws").reason, HasSubstr("unforeseen"));
  EXPECT_EQ(results.at("leaves").verdict, Verdict::error);
  EXPECT_THAT(results.at("leaves").reason, HasSubstr("without a result"));
  EXPECT_EQ(results.at("passes").verdict, Verdict::pass);
}

TEST_F(RunnerTest, ATestThatHangsIsEndedAtItsLimitWithAllThatItStarted) {
  const std::string file = folder_.path() + "/started";
  add(
      "hangs",
      [file](TestContext&) -> TestResult {
        const pid_t child = ::fork();
        if (child == 0) {
          ::signal(SIGTERM, SIG_IGN);
          for (;;) ::pause();
        }
        std::ofstream(file) << child;
        for (;;) ::pause();
      },
      1);
  const auto results = run();
  EXPECT_EQ(results.at("hangs").verdict, Verdict::error);
  EXPECT_THAT(results.at("hangs").reason, HasSubstr("did not end within 1 s"));
  pid_t child = 0;
  std::ifstream(file) >> child;
  ASSERT_GT(child, 0);
  EXPECT_NE(::kill(child, 0), 0) << "what the test started lives on";
}

TEST_F(RunnerTest, AnInterruptEndsRunningTestsWithoutAResult) {
  add("waits", [](TestContext&) -> TestResult {
    for (;;) ::pause();
  });
  int asked = 0;
  EXPECT_TRUE(run([&] { return ++asked > 2; }).empty());
}

TEST_F(RunnerTest, EachTestHasAFolderOfItsOwnThatGoesWithIt) {
  add("writes", [](TestContext& context) {
    TestResult result;
    result.reason = context.folder.string();
    std::ofstream(context.folder / "file") << "x";
    if (!std::filesystem::exists(context.folder / "file")) result.verdict = Verdict::fail;
    return result;
  });
  const auto results = run();
  EXPECT_EQ(results.at("writes").verdict, Verdict::pass);
  EXPECT_FALSE(std::filesystem::exists(results.at("writes").reason));
}

}  // namespace
}  // namespace assay::conformance
