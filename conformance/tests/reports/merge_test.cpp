#include "conformance/reports/merge.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include "conformance/tests/reports/sample_report.h"

namespace assay::conformance {
namespace {

using testing::HasSubstr;

// The results of the green report from `begin` to `end`, as shard `shard` of it.
NamedReport part(const std::string& shard, std::size_t begin, std::size_t end) {
  RunReport report = green_report();
  report.results = {report.results.begin() + static_cast<std::ptrdiff_t>(begin),
                    report.results.begin() + static_cast<std::ptrdiff_t>(end)};
  report.selection.shard = shard;
  for (const TestResult& result : report.results) report.selection.clauses.insert(result.clauses.begin()->first);
  return {shard.substr(0, 1) + ".json", report_from_json(json_report(report, judged(report)), "r").value()};
}

std::string refusal(const std::vector<NamedReport>& parts) {
  const auto merged = merge_reports(parts);
  return merged ? "" : merged.error().message;
}

TEST(MergeReports, AllShardsAreTheWholeRun) {
  const auto merged = merge_reports({part("2/3", 2, 5), part("1/3", 0, 2), part("3/3", 5, 5)});
  ASSERT_TRUE(merged) << merged.error().message;
  EXPECT_FALSE(merged->selection.is_selection());
  EXPECT_EQ(merged->results.size(), 5u);
  const RunJudgement judgement = judged(*merged), whole = judged(green_report());
  EXPECT_EQ(judgement.verdict, RunVerdict::conforms);
  EXPECT_EQ(judgement.passed_must, whole.passed_must);
  EXPECT_EQ(judgement.evidence.operations, whole.evidence.operations);
}

TEST(MergeReports, SomeShardsAreASelection) {
  const auto merged = merge_reports({part("1/3", 0, 2), part("3/3", 4, 5)});
  ASSERT_TRUE(merged);
  EXPECT_EQ(merged->selection.in_words(), "--shard 1+3/3");
  EXPECT_EQ(judged(*merged).coverage.at("must").in(ClauseState::not_selected), 2);
}

TEST(MergeReports, AMergeOfSomeShardsIsMergedWithTheRest) {
  const auto some = merge_reports({part("1/3", 0, 2), part("3/3", 4, 5)});
  ASSERT_TRUE(some);
  const NamedReport saved{"some.json", report_from_json(json_report(*some, judged(*some)), "r").value()};
  const auto merged = merge_reports({saved, part("2/3", 2, 4)});
  ASSERT_TRUE(merged) << merged.error().message;
  EXPECT_FALSE(merged->selection.is_selection());
}

TEST(MergeReports, RefusesShardsThatCannotBe) {
  for (const char* shard :
       {"9/2", "0/2", "1/0", "1", "1/2/3", "+1/2", "1+/2", "x/2", "-1/2", "1/99999999999999999999"}) {
    const std::string wanted = std::string("shard ") + shard + ": write I/N with I from 1 to N";
    EXPECT_THAT(refusal({part(shard, 0, 2)}), HasSubstr(wanted));
  }
  EXPECT_THAT(refusal({part("1/2", 0, 2), part("2/3", 2, 5)}),
              HasSubstr("1.json and 2.json are not parts of one run: shard \"1/2\" and \"2/3\""));
}

TEST(MergeReports, RefusesWhatIsNoPartOfOneRun) {
  auto other = part("2/2", 2, 5);
  other.saved.report.suite.seed = 7;
  EXPECT_THAT(refusal({part("1/2", 0, 2), other}),
              HasSubstr("1.json and 2.json are not parts of one run: seed \"42\" and \"7\""));
  other = part("2/2", 2, 5);
  other.saved.report.target.version = "9";
  EXPECT_THAT(refusal({part("1/2", 0, 2), other}), HasSubstr("target \"reference 0.1.0\" and \"reference 9\""));
  EXPECT_THAT(refusal({part("1/2", 0, 3), part("2/2", 2, 5)}),
              HasSubstr("1.json and 2.json both have the test RP-TTL-02/holds"));
  other = part("2/2", 2, 5);
  other.saved.report.with_expectations = true;
  EXPECT_THAT(refusal({part("1/2", 0, 2), other}), HasSubstr("2.json: was compared with expectations already"));
}

}  // namespace
}  // namespace assay::conformance
