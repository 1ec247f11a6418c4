#include "conformance/reports/matrix.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "conformance/tests/reports/sample_report.h"

namespace assay::conformance {
namespace {

using testing::HasSubstr;
using testing::Not;

std::vector<SavedReport> two_reports() {
  RunReport other = sample_report({passing("SC-VAL-01"), failing("SC-VAL-02"), passing("XX-NEW-01")});
  other.target.name = "<b>php|fpm</b>";
  std::vector<SavedReport> reports;
  for (const RunReport& report : {green_report(), other}) {
    reports.push_back(report_from_json(json_report(report, judged(report)), "r").value());
  }
  return reports;
}

TEST(Matrix, MarkdownPutsDifferencesFirstAndEscapes) {
  const std::string text = matrix_markdown(two_reports(), sample_catalogue());
  EXPECT_THAT(text, HasSubstr("| clause | reference 0.1.0 (portable) | \\<b\\>php\\|fpm\\</b\\> 0.1.0 (portable) |"));
  EXPECT_THAT(text, HasSubstr("| **verdict** | **✓ conforms** | **✗ violates** |"));
  EXPECT_THAT(text, HasSubstr("| SC-VAL-02 an entry rests until the window has passed (must) | ✓ pass | ✗ fail |"));
  EXPECT_THAT(text, HasSubstr("| XX-NEW-01 not in the catalogue (must) |  | ✓ pass |"));
  EXPECT_LT(text.find("SC-VAL-02"), text.find("## script"));
  EXPECT_GT(text.find("| SC-VAL-01"), text.find("## script"));
  EXPECT_THAT(text, Not(HasSubstr("SC-LOG-01")));
}

TEST(Matrix, WhatOneTargetWasNotAskedIsNoDifference) {
  RunReport other = sample_report({skipping("SC-VAL-01"), failing("SC-VAL-02")});
  std::vector<SavedReport> reports;
  for (const RunReport& report : {green_report(), other})
    reports.push_back(report_from_json(json_report(report, judged(report)), "r").value());
  const std::string text = matrix_markdown(reports, sample_catalogue());
  const std::string first = text.substr(0, text.find("## script"));
  EXPECT_THAT(first, HasSubstr("| SC-VAL-02"));
  EXPECT_THAT(first, Not(HasSubstr("| SC-VAL-01")));
  EXPECT_THAT(first, Not(HasSubstr("| RP-TTL-02")));
}

TEST(Matrix, HtmlIsOnePageWithoutForeignMarkup) {
  const std::string html = matrix_html(two_reports(), sample_catalogue());
  EXPECT_THAT(html, HasSubstr("&lt;b&gt;php|fpm&lt;/b&gt;"));
  EXPECT_THAT(html, Not(HasSubstr("<b>php")));
  EXPECT_THAT(html, HasSubstr("<td class=\"bad\" data-target=\"&lt;b&gt;php|fpm&lt;/b&gt;\">✗ fail</td>"));
  EXPECT_THAT(html, Not(HasSubstr("href=\"http")));
}

}  // namespace
}  // namespace assay::conformance
