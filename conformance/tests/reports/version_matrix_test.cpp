#include "conformance/reports/version_matrix.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include "conformance/tests/reports/sample_report.h"

namespace assay::conformance {
namespace {

using testing::HasSubstr;
using testing::Not;

SavedReport of_version(const char* version, const char* contract, std::vector<TestResult> results) {
  RunReport report = sample_report(std::move(results));
  report.target.version = report.target.php = version;
  report.contract = contract;
  return report_from_json(json_report(report, judged(report)), "r").value();
}

TEST(VersionMatrix, ShowsWhatDiffersAndWhy) {
  TestResult listed = failing("SC-VAL-02");
  listed.verdict = listed.clauses["SC-VAL-02"] = Verdict::known_deviation;
  listed.reason = "an | old bug (docs/x.md): expected 1";
  const std::string text = version_matrix(
      {of_version("8.2.36", "php-8.2", {passing("SC-PER-05"), listed, passing("SC-VAL-01"), failing("SC-KEY-01")}),
       of_version("8.3.8", "php-8.3",
                  {skipping("SC-PER-05"), passing("SC-VAL-02"), passing("SC-VAL-01"), failing("SC-KEY-01")})});
  EXPECT_THAT(text, HasSubstr("| clause | 8.2.36 | 8.3.8 | what it is |"));
  EXPECT_THAT(text, HasSubstr(" | ✓ | – | Holds since PHP 8.2.5, until PHP 8.3. |"));
  EXPECT_THAT(text, HasSubstr(" | ✗ | ✓ | an \\| old bug (docs/x.md). |"));
  EXPECT_THAT(text, Not(HasSubstr("| SC-VAL-01")));
  EXPECT_GT(text.find("| SC-KEY-01"), text.find("## What all of them break"));
  EXPECT_THAT(text, HasSubstr("SC-KEY-01/breaks: expected"));
  EXPECT_THAT(text, HasSubstr("Clauses that hold wherever they were asked: 1."));
}

// A skip for another reason than the version is no difference.
TEST(VersionMatrix, WhatWasNotAskedIsNoDifference) {
  const std::string text =
      version_matrix({of_version("8.2.36", "php-8.2", {passing("SC-VAL-01")}),
                      of_version("8.3.8", "php-8.3", {skipping("SC-VAL-01")}), of_version("8.4.1", "php-8.4", {})});
  EXPECT_THAT(text, Not(HasSubstr("| SC-VAL-01")));
}

}  // namespace
}  // namespace assay::conformance
