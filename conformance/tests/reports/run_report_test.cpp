#include "conformance/reports/run_report.h"

#include <gtest/gtest.h>

#include "conformance/tests/reports/sample_report.h"

namespace assay::conformance {
namespace {

TEST(JudgeRun, ConformsWhenEveryMustClauseInScopePassed) {
  const RunJudgement judgement = judged(green_report());
  EXPECT_EQ(judgement.verdict, RunVerdict::conforms);
  EXPECT_EQ(judgement.why, "nothing failed that decides");
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

TEST(JudgeRun, ShouldFailuresAreCountedAndDecideOnlyInAStrictRun) {
  RunReport report = green_report();
  report.results.push_back(failing("SC-LOG-01"));
  RunJudgement judgement = judged(report);
  EXPECT_EQ(judgement.verdict, RunVerdict::conforms);
  EXPECT_EQ(judgement.failed_should, std::vector<std::string>{"SC-LOG-01"});
  report.strict = true;
  judgement = judged(report);
  EXPECT_EQ(judgement.verdict, RunVerdict::violates);
  EXPECT_EQ(judgement.why, "1 should clause failed, which decide under --strict: SC-LOG-01");
  EXPECT_EQ(exit_status(report, judgement), 1);
}

TEST(JudgeRun, AMayClauseNeverDecides) {
  auto catalogue = sample_catalogue();
  catalogue[2].strength = "may";
  RunReport report = green_report();
  report.results.push_back(failing("SC-LOG-01"));
  report.strict = true;
  EXPECT_EQ(judge_run(report, catalogue).verdict, RunVerdict::conforms);
}

TEST(JudgeRun, CoverageCountsEachClauseOfTheContractOnce) {
  RunReport report = green_report();
  report.target.features.erase("static_cache.volatile");
  report.results = {passing("SC-VAL-01"), failing("SC-LOG-01"), skipping("RP-TTL-02")};
  auto catalogue = sample_catalogue();
  catalogue[1].unobservable = "nothing shows it";
  const RunJudgement judgement = judge_run(report, catalogue);
  EXPECT_EQ(judgement.coverage.at("must").in_words("must clauses"),
            "1 of 5 must clauses hold (1 not assessed, 1 without a test, 1 not claimed, 1 that no test can observe)");
  EXPECT_EQ(judgement.coverage.at("should").in_words(""), "0 of 1 hold, 1 failed");
  EXPECT_EQ(judgement.coverage.at("may").all(), 0);
  report.selection = {"--filter x", {}, true, {"SC-VAL-01"}};
  EXPECT_EQ(judge_run(report, catalogue).coverage.at("must").in(ClauseState::not_selected), 1);
}

// What the monitors saw while all tests failed or ended without a statement is no reason for a green verdict.
TEST(JudgeRun, ASelectionWithoutAPassIsNotShown) {
  RunReport report = sample_report(
      {sample_result("SC-LOG-01/x", {{"SC-LOG-01", Verdict::fail}, {"GU-LIV-01", Verdict::pass}}, Verdict::fail)});
  report.selection = {"--filter x", {}, true, {"SC-LOG-01"}};
  EXPECT_EQ(judged(report).verdict, RunVerdict::not_shown);
  EXPECT_EQ(judged(report).why, "no test passed");
  report.results[0].verdict = report.results[0].clauses["SC-LOG-01"] = Verdict::inconclusive;
  EXPECT_EQ(judged(report).verdict, RunVerdict::not_shown);
  report.results.clear();
  EXPECT_EQ(judged(report).why, "no test was run");
}

TEST(JudgeRun, ABrokenTestIsNotShownWhateverItsClauseIs) {
  RunReport report = green_report();
  report.results.push_back(sample_result("SC-LOG-01/x", {{"SC-LOG-01", Verdict::error}}, Verdict::error));
  EXPECT_EQ(judged(report).verdict, RunVerdict::not_shown);
  EXPECT_EQ(judged(report).why, "1 test broke, by the suite's or the adapter's fault");
}

TEST(JudgeRun, ATestThatBrokeAnotherClauseShowsUnderBoth) {
  RunReport report = green_report();
  report.results.erase(report.results.begin());
  report.results.push_back(sample_result("SC-VAL-01/x", {{"GU-LIV-01", Verdict::fail}}, Verdict::fail));
  const RunJudgement judgement = judged(report);
  const ClauseJudgement& broken = *judgement.find("GU-LIV-01");
  const ClauseJudgement& own = *judgement.find("SC-VAL-01");
  EXPECT_EQ(broken.results.back(), 4u);
  EXPECT_EQ(own.results, std::vector<std::size_t>{4});
  EXPECT_EQ(own.state(), ClauseState::not_assessed);
  EXPECT_EQ(judgement.untested_must, std::vector<std::string>{});
  report.results.push_back(passing("SC-VAL-01"));
  EXPECT_EQ(judged(report).find("SC-VAL-01")->state(), ClauseState::passed);
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
  EXPECT_EQ(judgement.coverage.at("should").in(ClauseState::passed), 1);
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

TEST(ReplayCommand, WhateverAReportSaysItRunsNothingElse) {
  RunReport report = sample_report({failing("SC-VAL-02")});
  report.results[0].trace_file = "a\nrm 'b'\\\x1b[2J";
  report.target.option = "it's";
  EXPECT_EQ(replay_command(report, report.results[0]),
            R"(assay replay $'a\x0arm \x27b\x27\x5c\x1b[2J' --target 'it'\''s')");
  report.results[0].trace_file.clear();
  report.suite.profile = "$(id)";
  EXPECT_NE(replay_command(report, report.results[0]).find("--profile '$(id)'"), std::string::npos);
}

}  // namespace
}  // namespace assay::conformance
