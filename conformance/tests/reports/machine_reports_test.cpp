// JUnit, TAP and SARIF: the same run in three dialects.
#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <pugixml.hpp>

#include "conformance/reports/junit_report.h"
#include "conformance/reports/sarif_report.h"
#include "conformance/reports/tap_report.h"
#include "conformance/tests/reports/sample_report.h"
#include "conformance/vocabulary/value_json.h"

namespace assay::conformance {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr char hostile[] = "got \"]]></failure>\" \x01\xff # SKIP <script>\nnot ok 99 - forged";

RunReport mixed_report() {
  RunReport report = green_report();
  report.results.push_back(failing("SC-VAL-02"));
  report.results.back().reason = hostile;
  report.results.push_back(skipping("SC-VAL-01"));
  report.results.push_back(sample_result("RP-TTL-02/known", {{"RP-TTL-02", Verdict::known_deviation}},
                                         Verdict::known_deviation, "old (https://b)"));
  report.results.push_back(
      sample_result("GU-LIV-01/broken", {{"GU-LIV-01", Verdict::error}}, Verdict::error, "no socket"));
  report.results.push_back(
      sample_result("GU-LIV-01/unsure", {{"GU-LIV-01", Verdict::inconclusive}}, Verdict::inconclusive, "never fired"));
  report.results.push_back(
      sample_result("ST-KEY-01/up", {{"ST-KEY-01", Verdict::unexpected_pass}}, Verdict::unexpected_pass, "listed"));
  auto weak = failing("SC-LOG-01");
  report.results.push_back(weak);
  return report;
}

TEST(JunitReport, IsWellFormedAndAddsUp) {
  const RunReport report = mixed_report();
  pugi::xml_document document;
  const std::string xml = junit_report(report, judged(report));
  ASSERT_TRUE(document.load_string(xml.c_str())) << xml;
  const pugi::xml_node suites = document.child("testsuites");
  EXPECT_EQ(suites.attribute("tests").as_int(), 12);
  EXPECT_EQ(suites.attribute("failures").as_int(), 3);
  EXPECT_EQ(suites.attribute("errors").as_int(), 1);
  EXPECT_EQ(suites.attribute("skipped").as_int(), 3);
  int tests = 0;
  for (const pugi::xml_node suite : suites.children("testsuite")) tests += suite.attribute("tests").as_int();
  EXPECT_EQ(tests, 12);
}

TEST(JunitReport, SaysEachVerdictInTheDialect) {
  const RunReport report = mixed_report();
  pugi::xml_document document;
  document.load_string(junit_report(report, judged(report)).c_str());
  const auto testcase = [&](const std::string& name) {
    return document.select_node(("//testcase[@name='" + name + "']").c_str()).node();
  };
  const pugi::xml_node failed = testcase("SC-VAL-02/breaks");
  EXPECT_STREQ(failed.attribute("classname").value(), "script.SC-VAL-02");
  EXPECT_THAT(failed.child("failure").text().get(), HasSubstr("SC-VAL-02 (must): an entry rests"));
  EXPECT_THAT(failed.child("failure").text().get(),
              HasSubstr("replay: assay replay assay-failures/SC-VAL-02.trace --target reference"));
  EXPECT_THAT(failed.child("failure").attribute("message").value(), HasSubstr("]]></failure>\" \\x01\\xff"));
  EXPECT_STREQ(
      failed.child("properties").find_child_by_attribute("property", "name", "level").attribute("value").value(),
      "must");
  EXPECT_STREQ(testcase("SC-VAL-01/skips").child("skipped").attribute("message").value(),
               "clock.virtual is not claimed");
  EXPECT_STREQ(testcase("RP-TTL-02/known").child("skipped").attribute("message").value(),
               "known deviation: old (https://b)");
  EXPECT_STREQ(testcase("GU-LIV-01/unsure").child("skipped").attribute("message").value(), "inconclusive: never fired");
  EXPECT_STREQ(testcase("GU-LIV-01/broken").child("error").attribute("message").value(), "no socket");
  EXPECT_STREQ(testcase("SC-LOG-01/breaks").child("failure").attribute("type").value(), "fail (should)");
  EXPECT_FALSE(testcase("SC-VAL-01/holds").child("failure"));
}

TEST(TapReport, CountsTestsAndCannotBeForged) {
  const RunReport report = mixed_report();
  const std::string tap = tap_report(report, judged(report));
  EXPECT_THAT(tap, testing::StartsWith("TAP version 14\n1..12\nok 1 - SC-VAL-01/holds\n"));
  EXPECT_THAT(tap, HasSubstr("\nnot ok 6 - SC-VAL-02/breaks\n  ---\n  verdict: \"fail\"\n"));
  EXPECT_THAT(tap, HasSubstr("\nok 7 - SC-VAL-01/skips # SKIP clock.virtual is not claimed\n"));
  EXPECT_THAT(tap, HasSubstr("\nnot ok 8 - RP-TTL-02/known # TODO known deviation: old"));
  EXPECT_THAT(tap, HasSubstr("\nnot ok 9 - GU-LIV-01/broken\n"));
  EXPECT_THAT(tap, HasSubstr("\nok 10 - GU-LIV-01/unsure # SKIP inconclusive: never fired\n"));
  EXPECT_THAT(tap, HasSubstr("\nnot ok 11 - ST-KEY-01/up\n"));
  EXPECT_THAT(tap,
              HasSubstr("{ id: \"SC-VAL-02\", level: \"must\", verdict: \"fail\", url: \"docs/spec/sample.md#L7\" }"));
  EXPECT_THAT(tap, Not(HasSubstr("\nnot ok 99")));
  EXPECT_THAT(tap, Not(HasSubstr("Bail out")));
}

TEST(TapReport, WhatMeansSomethingInTapIsEscaped) {
  RunReport report = sample_report({skipping("SC-VAL-01")});
  report.results[0].test = "a # TODO b";
  report.results[0].reason = "c \\ # d";
  EXPECT_THAT(tap_report(report, judged(report)), HasSubstr("\nok 1 - a \\# TODO b # SKIP c \\\\ \\# d\n"));
}

TEST(TapReport, AnInterruptedRunBailsOut) {
  RunReport report = green_report();
  report.interrupted = true;
  EXPECT_THAT(tap_report(report, judged(report)), testing::EndsWith("Bail out! the run was interrupted\n"));
}

TEST(SarifReport, HasRulesForClausesAndResultsForViolations) {
  const RunReport report = mixed_report();
  const Json sarif = Json::parse(sarif_report(report, judged(report)));
  EXPECT_EQ(sarif["version"], "2.1.0");
  const Json& run = sarif["runs"][0];
  EXPECT_EQ(run["tool"]["driver"]["rules"].size(), 6u);
  ASSERT_EQ(run["results"].size(), 3u);
  for (const Json& result : run["results"]) {
    EXPECT_EQ(run["tool"]["driver"]["rules"][result["ruleIndex"].get<std::size_t>()]["id"], result["ruleId"]);
  }
  EXPECT_EQ(run["results"][0]["level"], "error");
  EXPECT_EQ(run["results"][1]["level"], "warning");
  EXPECT_EQ(run["results"][2]["suppressions"][0]["justification"], "old (https://b)");
  EXPECT_EQ(run["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"], 7);
}

TEST(SarifReport, FingerprintsStayFromRunToRun) {
  RunReport report = mixed_report();
  const auto fingerprint = [&] {
    return Json::parse(sarif_report(report, judged(report)))["runs"][0]["results"][0]["partialFingerprints"].dump();
  };
  const std::string before = fingerprint();
  report.suite.seed = 7;
  report.results[5].reason = "another reason";
  EXPECT_EQ(fingerprint(), before);
  report.target.name = "php-fpm";
  EXPECT_NE(fingerprint(), before);
}

}  // namespace
}  // namespace assay::conformance
