#include "conformance/reports/baseline.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "conformance/tests/reports/sample_report.h"

namespace assay::conformance {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

SavedReport saved(const RunReport& report) {
  return report_from_json(json_report(report, judged(report)), "baseline.json").value();
}

TestResult named(const std::string& test, Verdict verdict) {
  return sample_result(test, {{"SC-VAL-01", verdict}}, verdict, "r");
}

std::vector<std::string> tests_of(const RunReport& report) {
  std::vector<std::string> tests;
  for (const TestResult& result : report.results) tests.push_back(result.test);
  return tests;
}

TEST(Baseline, SortsEveryTestByWhatBecameOfIt) {
  const RunReport before =
      sample_report({named("broke", Verdict::pass), named("fixed", Verdict::fail), named("still", Verdict::fail),
                     named("lost", Verdict::pass), named("gone", Verdict::pass), named("same", Verdict::pass),
                     named("listed", Verdict::fail)});
  const RunReport now =
      sample_report({named("broke", Verdict::fail), named("fixed", Verdict::pass), named("still", Verdict::fail),
                     named("lost", Verdict::skip), named("same", Verdict::pass), named("new", Verdict::pass),
                     named("listed", Verdict::known_deviation), named("new failure", Verdict::fail)});
  const Changes changes = compare(saved(before), now);
  EXPECT_THAT(changes.new_failures, ElementsAre("broke", "new failure"));
  EXPECT_THAT(changes.fixed, ElementsAre("fixed"));
  EXPECT_THAT(changes.still_failing, ElementsAre("still", "listed"));
  EXPECT_THAT(changes.lost, ElementsAre("lost", "gone"));
  EXPECT_THAT(changes.new_tests, ElementsAre("new"));
  EXPECT_EQ(changes.unchanged, 1u);
  EXPECT_EQ(changes.caution, "");
  EXPECT_THAT(to_text(changes),
              HasSubstr("Since the baseline: 2 new failures, 1 fixed, 2 still failing, 2 lost, 1 new, 1 unchanged\n"));
  EXPECT_THAT(to_text(changes), HasSubstr("new failure  broke"));
}

TEST(Baseline, WhatWasNotSelectedIsNotLost) {
  RunReport now = sample_report({});
  now.selection.narrowed = true;
  EXPECT_TRUE(compare(saved(green_report()), now).lost.empty());
}

TEST(Baseline, CautionsWhereTheTwoAreHardToCompare) {
  RunReport now = green_report();
  now.target.version = "0.2.0";
  now.suite.profile = "thorough";
  EXPECT_EQ(compare(saved(green_report()), now).caution,
            "target was reference 0.1.0, is reference 0.2.0; profile was quick, is thorough");
}

TEST(RerunFailed, AreTestsThatFailedOrMadeNoStatement) {
  RunReport report =
      sample_report({named("pass", Verdict::pass), named("fail", Verdict::fail), named("skip", Verdict::skip),
                     named("error", Verdict::error), named("inconclusive", Verdict::inconclusive),
                     named("known", Verdict::known_deviation)});
  keep_failed(report);
  EXPECT_THAT(tests_of(report), ElementsAre("fail", "error", "inconclusive"));
}

TEST(Baseline, ResultsUnderFormerIdsCountForTheIdsOfNow) {
  RunReport report = sample_report({named("RP-ENT-01/the-root-directory-has-no-entry", Verdict::fail),
                                    named("RP-ENT-01/prefixes", Verdict::pass), named("RP-ENT-01/rot", Verdict::pass)});
  const auto unknown = use_ids_of_now(report);
  EXPECT_THAT(tests_of(report), ElementsAre("RP-ENT-01/root", "RP-ENT-01/prefixes", "RP-ENT-01/rot"));
  ASSERT_EQ(unknown.size(), 2u);
  EXPECT_EQ(unknown[0].id, "RP-ENT-01/the-root-directory-has-no-entry");
  EXPECT_EQ(unknown[0].hint, "; it is now RP-ENT-01/root");
  EXPECT_THAT(unknown[1].hint, HasSubstr("; near it: RP-ENT-01/root"));
}

}  // namespace
}  // namespace assay::conformance
