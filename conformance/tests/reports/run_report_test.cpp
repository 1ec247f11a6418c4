#include "conformance/reports/run_report.h"

#include <gtest/gtest.h>

#include "conformance/tests/reports/sample_report.h"

namespace assay::conformance {
namespace {

TEST(JudgeRun, ConformsWhenEveryMustClauseInScopePassed) {
  const RunJudgement judgement = judged(green_report());
  EXPECT_EQ(judgement.verdict, RunVerdict::conforms);
  EXPECT_EQ(judgement.why, "all 5 must clauses in scope hold");
  EXPECT_EQ(judgement.evidence.operations, 50u);
  EXPECT_EQ(exit_status(green_report(), judgement), 0);
}

TEST(JudgeRun, ViolatesWhenAMustClauseFailed) {
  RunReport report = green_report();
  report.results.push_back(failing("SC-VAL-02"));
  const RunJudgement judgement = judged(report);
  EXPECT_EQ(judgement.verdict, RunVerdict::violates);
  EXPECT_EQ(judgement.failed_must, std::vector<std::string>{"SC-VAL-02"});
  EXPECT_EQ(judgement.unexpected, std::vector<std::string>{"SC-VAL-02/breaks"});
  EXPECT_EQ(exit_status(report, judgement), 1);
}

TEST(JudgeRun, AKnownDeviationOfAMustClauseViolatesButIsNotUnexpected) {
  RunReport report = green_report();
  report.results.push_back(
      sample_result("SC-VAL-02/breaks", {{"SC-VAL-02", Verdict::known_deviation}}, Verdict::known_deviation));
  const RunJudgement judgement = judged(report);
  EXPECT_EQ(judgement.verdict, RunVerdict::violates);
  EXPECT_TRUE(judgement.unexpected.empty());
  EXPECT_EQ(exit_status(report, judgement), 1);
  report.with_expectations = true;
  EXPECT_EQ(exit_status(report, judgement), 0);
}

TEST(JudgeRun, ShouldFailuresAreCountedAndNeverDecide) {
  RunReport report = green_report();
  report.results.push_back(failing("SC-LOG-01"));
  const RunJudgement judgement = judged(report);
  EXPECT_EQ(judgement.verdict, RunVerdict::conforms);
  EXPECT_EQ(judgement.failed_other, std::vector<std::string>{"SC-LOG-01"});
}

TEST(JudgeRun, NotShownWhenAMustClauseInScopeWasOnlySkippedInconclusiveOrBroken) {
  for (const Verdict verdict : {Verdict::skip, Verdict::inconclusive, Verdict::error}) {
    RunReport report = green_report();
    report.results[0] = sample_result("SC-VAL-01/x", {{"SC-VAL-01", verdict}}, verdict, "because");
    const RunJudgement judgement = judged(report);
    EXPECT_EQ(judgement.verdict, RunVerdict::not_shown);
    EXPECT_EQ(judgement.unassessed_must, std::vector<std::string>{"SC-VAL-01"});
    EXPECT_EQ(exit_status(report, judgement), 2);
  }
}

TEST(JudgeRun, ASkippedTestBesideAPassingOneLeavesTheClauseAssessedButAnInconclusiveOneDoesNot) {
  RunReport report = green_report();
  report.results.push_back(skipping("SC-VAL-01"));
  EXPECT_EQ(judged(report).verdict, RunVerdict::conforms);
  std::swap(report.results.front(), report.results.back());
  EXPECT_EQ(judged(report).verdict, RunVerdict::conforms);
  report.results.push_back(sample_result("SC-VAL-01/y", {{"SC-VAL-01", Verdict::inconclusive}}, Verdict::inconclusive));
  EXPECT_EQ(judged(report).verdict, RunVerdict::not_shown);
}

TEST(JudgeRun, AMustClauseWithoutATestIsNotShownUnlessListedOnlyUnobservableUnclaimedOrNotSelected) {
  RunReport report = green_report();
  report.results.erase(report.results.begin());
  const RunJudgement judgement = judged(report);
  EXPECT_EQ(judgement.verdict, RunVerdict::not_shown);
  EXPECT_EQ(judgement.untested_must, std::vector<std::string>{"SC-VAL-01"});
  EXPECT_EQ(judge_run(report, sample_catalogue(), false).verdict, RunVerdict::conforms);

  auto catalogue = sample_catalogue();
  catalogue[0].unobservable = "nothing shows it";
  EXPECT_EQ(judge_run(report, catalogue).verdict, RunVerdict::conforms);
  catalogue = sample_catalogue();
  catalogue[0].feature = "script_cache.jit";
  EXPECT_EQ(judge_run(report, catalogue).verdict, RunVerdict::conforms);

  report.selection.areas = {"realpath"};
  EXPECT_EQ(judged(report).verdict, RunVerdict::conforms);
  report.selection = {"--filter x", {}, true, {"RP-TTL-02"}};
  EXPECT_EQ(judged(report).verdict, RunVerdict::conforms);
}

TEST(JudgeRun, NothingIsGreenByVacuity) {
  RunReport report = sample_report({});
  report.selection.narrowed = true;
  EXPECT_EQ(judged(report).verdict, RunVerdict::not_shown);
  report.results.push_back(sample_result("SC-LOG-01/holds", {{"SC-LOG-01", Verdict::pass}}, Verdict::pass));
  const RunJudgement judgement = judged(report);
  EXPECT_EQ(judgement.verdict, RunVerdict::not_shown);
  EXPECT_EQ(judgement.why, "no must clause was assessed");
}

TEST(JudgeRun, AnInterruptedRunShowsNothingButWhatFailed) {
  RunReport report = green_report();
  report.interrupted = true;
  EXPECT_EQ(judged(report).verdict, RunVerdict::not_shown);
  report.results.push_back(failing("RP-TTL-02"));
  EXPECT_EQ(judged(report).verdict, RunVerdict::violates);
}

TEST(JudgeRun, AClauseThatIsNotInTheCatalogueBindsAsMust) {
  RunReport report = green_report();
  report.results.push_back(failing("RP-NEW-01"));
  const RunJudgement judgement = judged(report);
  EXPECT_EQ(judgement.verdict, RunVerdict::violates);
  EXPECT_EQ(judgement.find("RP-NEW-01")->clause.area, "realpath");
}

TEST(JudgeRun, AFailureThatNamesNoClauseCountsForTheClauseThatNamesTheTest) {
  RunReport report = green_report();
  report.results.push_back(sample_result("RP-TTL-02/x", {{"GU-LIV-01", Verdict::pass}}, Verdict::fail));
  EXPECT_EQ(judged(report).failed_must, std::vector<std::string>{"RP-TTL-02"});
  report.results.back().clauses.clear();
  EXPECT_EQ(judged(report).failed_must, std::vector<std::string>{"RP-TTL-02"});
}

TEST(JudgeRun, SummarisesByAreaInTheOrderOfTheCatalogue) {
  RunReport report = green_report();
  report.target.features.erase("static_cache.volatile");
  report.results = {passing("SC-VAL-01"), failing("SC-LOG-01"), skipping("RP-TTL-02"), passing("GU-LIV-01")};
  const auto areas = judged(report).areas;
  ASSERT_EQ(areas.size(), 4u);
  EXPECT_EQ(areas[0].area, "script");
  EXPECT_EQ(areas[0].passed, 1);
  EXPECT_EQ(areas[0].failed, 1);
  EXPECT_EQ(areas[0].untested, 1);
  EXPECT_EQ(areas[1].not_assessed, 1);
  EXPECT_FALSE(areas[2].claimed);
  EXPECT_EQ(areas[2].not_claimed, 1);
}

TEST(ExitStatus, WithExpectationsItIsAboutChange) {
  RunReport report = green_report();
  report.with_expectations = true;
  report.results.push_back(
      sample_result("SC-VAL-01/x", {{"SC-VAL-01", Verdict::unexpected_pass}}, Verdict::unexpected_pass));
  EXPECT_EQ(exit_status(report, judged(report)), 1);
  report.results.back() = sample_result("SC-VAL-01/x", {}, Verdict::error);
  EXPECT_EQ(exit_status(report, judged(report)), 2);
  report.results.pop_back();
  report.interrupted = true;
  EXPECT_EQ(exit_status(report, judged(report)), 2);
}

TEST(ReplayCommand, IsOneLineForAShell) {
  RunReport report = sample_report({failing("SC-VAL-02")});
  report.target.option = "php-fpm:php=/opt/my php/fpm";
  EXPECT_EQ(replay_command(report, report.results[0]),
            "assay replay assay-failures/SC-VAL-02.trace --target 'php-fpm:php=/opt/my php/fpm'");
  report.results[0].trace_file.clear();
  EXPECT_EQ(replay_command(report, report.results[0]),
            "assay run --target 'php-fpm:php=/opt/my php/fpm' --contract portable --profile quick --filter "
            "SC-VAL-02/breaks --seed 42");
}

}  // namespace
}  // namespace assay::conformance
