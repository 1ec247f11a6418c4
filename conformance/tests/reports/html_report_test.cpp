#include "conformance/reports/html_report.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>
#include <re2/re2.h>

#include "conformance/reports/page_template.h"
#include "conformance/tests/reports/sample_report.h"

namespace assay::conformance {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string page(const RunReport& report) {
  return html_report(report, judged(report));
}

RunReport failing_report() {
  RunReport report = green_report();
  report.results.push_back(failing("SC-VAL-02"));
  report.results.push_back(skipping("SC-VAL-01"));
  report.results.push_back(sample_result("RP-TTL-02/known", {{"RP-TTL-02", Verdict::known_deviation}},
                                         Verdict::known_deviation, "old build (https://bugs.example/1): expected 1"));
  return report;
}

TEST(HtmlReport, BeginsWithTheVerdictAndWhy) {
  const std::string html = page(failing_report());
  const auto verdict = html.find("</span>Violates</h1>");
  ASSERT_NE(verdict, std::string::npos);
  EXPECT_THAT(html, HasSubstr("2 must clauses failed (1 listed beforehand): SC-VAL-02, RP-TTL-02."));
  EXPECT_LT(verdict, html.find("What stands behind it"));
  EXPECT_LT(html.find("What stands behind it"), html.find("Clauses by area"));
  EXPECT_LT(html.find("Clauses by area"), html.find(">Failures<"));
}

TEST(HtmlReport, ShowsAFailureWithWhatReplaysIt) {
  const std::string html = page(failing_report());
  EXPECT_THAT(html, HasSubstr("<dd>&quot;new&quot;</dd>"));
  EXPECT_THAT(html, HasSubstr("<dd>&quot;old&quot;</dd>"));
  EXPECT_THAT(html, HasSubstr("<code>assay replay assay-failures/SC-VAL-02.trace --target reference</code>"));
  EXPECT_THAT(html, HasSubstr("What holds: an entry rests until the window has passed."));
  EXPECT_THAT(html, HasSubstr("<strong>1</strong> clock.virtual is not claimed"));
  EXPECT_THAT(html, HasSubstr("<a href=\"https://bugs.example/1\" rel=\"noreferrer\">"));
}

TEST(HtmlReport, TellsNothingByColourAlone) {
  const std::string html = page(failing_report());
  EXPECT_THAT(html, HasSubstr("<b aria-hidden=\"true\">✗</b> fail <span>1</span>"));
  EXPECT_THAT(html, HasSubstr("<b aria-hidden=\"true\">✓</b> pass <span>"));
}

TEST(HtmlReport, WhateverATargetAnswersIsTextAndNeverMarkup) {
  RunReport report = failing_report();
  const std::string hostile = "</pre><script>alert(1)</script>{{verdict}}{{{style}}}\x1b[2J\xff\"' onload=x";
  report.results[5].reason = report.results[5].test = hostile;
  report.results[5].details =
      hostile + "\n  expected  " + hostile + "\n  actual    " + hostile + "\nlog of the target (end):\n" + hostile;
  report.results[6].reason = report.target.name = report.target.version = report.selection.text = hostile;
  report.results[7].reason = "javascript:alert(1) https://x\"onclick=\"y";
  report.target.choices[hostile] = hostile;
  report.target.features.insert(hostile);
  const std::string html = page(report);
  EXPECT_THAT(html, Not(HasSubstr("<script>alert")));
  EXPECT_THAT(html, Not(HasSubstr("\" onload")));
  EXPECT_THAT(html, Not(HasSubstr("\"onclick")));
  EXPECT_THAT(html, Not(HasSubstr("\x1b")));
  EXPECT_THAT(html, Not(HasSubstr("href=\"javascript")));
  EXPECT_THAT(html, HasSubstr("{{verdict}}"));  // not expanded a second time
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;"));
}

TEST(HtmlReport, NothingButOurOwnStyleAndScriptIsUnescaped) {
  const std::string source = page_template;
  const re2::RE2 raw("\\{\\{[{&]([a-z_]*)");
  re2::StringPiece rest(source);
  for (std::string name; re2::RE2::FindAndConsume(&rest, raw, &name);) {
    EXPECT_TRUE(name == "style" || name == "script") << name;
  }
}

TEST(HtmlReport, NeedsNothingFromOutside) {
  const std::string html = page(failing_report());
  EXPECT_FALSE(re2::RE2::PartialMatch(html, "<(link|img|iframe|script src)"));
  EXPECT_THAT(html, Not(HasSubstr("@import")));
  EXPECT_THAT(html, Not(HasSubstr("url(")));
}

TEST(HtmlReport, EveryInnerLinkLeadsSomewhere) {
  const std::string html = page(failing_report());
  const re2::RE2 link("href=\"#([^\"]+)\"");
  re2::StringPiece rest(html);
  int links = 0;
  for (std::string place; re2::RE2::FindAndConsume(&rest, link, &place); ++links) {
    EXPECT_THAT(html, HasSubstr("id=\"" + place + "\""));
  }
  EXPECT_GT(links, 5);
}

TEST(HtmlReport, AFailureHasALaneForEachWorker) {
  RunReport report = failing_report();
  report.results[5].details =
      "   ini  opcache.enable = 1\n  1.     write(\"@/a.php\", \"x\")\n  2. W1: rendezvous(\"r\")\n          (in the "
      "background as "
      "b)\n  3.     advance_clock(2)\n  4. W0: include(\"@/a.php\")\nfailed at step 4, operation 1\n  5.     "
      "await(\"b\")\n";
  const std::string html = page(report);
  EXPECT_THAT(html, HasSubstr("<i>0</i><i>1</i>"));
  EXPECT_THAT(html, HasSubstr("<i class=\"idle w0\"></i><i class=\"acts w1\"></i></span><span class=\"number\">2</span>"
                              "<code><b>W1</b> rendezvous(&quot;r&quot;)"));
  EXPECT_THAT(html, HasSubstr("<i class=\"idle w0\"></i><i class=\"runs w1\"></i></span><span "
                              "class=\"number\">3</span><code><em>+2 s</em>"));
  EXPECT_THAT(html, HasSubstr("<li class=\"here\"><span class=\"strip\" aria-hidden=\"true\"><i class=\"acts "
                              "w0\"></i><i class=\"runs w1\">"));
  EXPECT_THAT(html,
              HasSubstr("<i class=\"idle w0\"></i><i class=\"idle w1\"></i></span><span class=\"number\">5</span>"));
}

TEST(HtmlReport, AFailedClauseBeginsWithItsFailingTest) {
  const std::string html = page(failing_report());
  const auto chip = html.find("id=\"SC-VAL-02\"");
  const auto test = html.find("SC-VAL-02/breaks</a>", chip), statement = html.find("class=\"statement\"", chip);
  EXPECT_LT(test, statement);
  EXPECT_LT(test, html.find("SC-VAL-02/holds", chip + 400));
}

TEST(HtmlReport, WhatFailsWithoutDecidingStandsApart) {
  RunReport report = green_report();
  report.results.push_back(failing("SC-LOG-01"));
  EXPECT_THAT(page(report), HasSubstr("<h2 id=\"tolerated\">Failures that do not decide</h2>"));
  EXPECT_THAT(page(report), Not(HasSubstr("<h2 id=\"failures\">")));
}

TEST(HtmlReport, AGreenRunHasNoFailureSection) {
  const std::string html = page(green_report());
  EXPECT_THAT(html, HasSubstr("Conforms</h1>"));
  EXPECT_THAT(html, Not(HasSubstr(">Failures<")));
  EXPECT_THAT(html, Not(HasSubstr("Skipped tests")));
}

TEST(HtmlReport, AnEmptyRunIsStillAPage) {
  EXPECT_THAT(page(sample_report({})), HasSubstr("Not shown</h1>"));
}

}  // namespace
}  // namespace assay::conformance
