// JUnit, TAP and SARIF: the same run in three dialects.
#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <pugixml.hpp>

#include "conformance/reports/junit_report.h"
#include "conformance/reports/sarif_report.h"
#include "conformance/reports/tap_report.h"
#include "conformance/tests/reports/readers.h"
#include "conformance/tests/reports/sample_report.h"
#include "conformance/vocabulary/value_json.h"
#include "source_dir.h"

namespace assay::conformance {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr char hostile[] = "got \"]]></failure>\" \x01\xff # SKIP <script>\nnot ok 99 - forged";

std::string data_file(const std::string& name) {
  return std::string(ASSAY_SOURCE_DIR) + "/conformance/tests/reports/data/" + name;
}

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
  EXPECT_EQ(suites.attribute("tests").as_int(), 13);
  EXPECT_EQ(suites.attribute("failures").as_int(), 3);
  EXPECT_EQ(suites.attribute("errors").as_int(), 1);
  EXPECT_STREQ(suites.attribute("time").value(), "3.000");
  int tests = 0, skipped = 0;
  for (const pugi::xml_node suite : suites.children("testsuite")) {
    tests += suite.attribute("tests").as_int();
    skipped += suite.attribute("skipped").as_int();
  }
  EXPECT_EQ(tests, 13);
  EXPECT_EQ(skipped, 4);
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
  EXPECT_STREQ(failed.child("system-out").text().get(), "SC-VAL-02 (must): fail\n");
  EXPECT_STREQ(testcase("SC-VAL-01/skips").child("skipped").attribute("message").value(),
               "clock.virtual is not claimed");
  EXPECT_STREQ(testcase("RP-TTL-02/known").child("skipped").attribute("message").value(),
               "known deviation: old (https://b)");
  EXPECT_STREQ(testcase("GU-LIV-01/unsure").child("skipped").attribute("message").value(), "inconclusive: never fired");
  EXPECT_STREQ(testcase("GU-LIV-01/broken").child("error").attribute("message").value(), "no socket");
  EXPECT_STREQ(testcase("SC-LOG-01/breaks").child("skipped").attribute("message").value(),
               "fails a should clause, which does not decide: expected \"new\", got \"old\"");
  EXPECT_FALSE(testcase("SC-VAL-01/holds").child("failure"));
  EXPECT_STREQ(testcase("verdict").child("failure").attribute("type").value(), "violates");
}

// The exit status of a reader that only counts failures, and ours.
struct KindOfRun {
  const char* name;
  RunReport report;
};

std::vector<KindOfRun> runs_of_each_kind() {
  std::vector<KindOfRun> runs = {{"green", green_report()}, {"mixed", mixed_report()}, {"empty", sample_report({})}};
  RunReport report = green_report();
  report.results.push_back(failing("SC-LOG-01"));
  runs.push_back({"a should clause fails", report});
  report.strict = true;
  runs.push_back({"a should clause fails, strictly", report});
  report = green_report();
  report.results.erase(report.results.begin());
  runs.push_back({"a clause without a test", report});
  report = green_report();
  report.results[0] = sample_result("SC-VAL-01/x", {{"SC-VAL-01", Verdict::inconclusive}}, Verdict::inconclusive, "no");
  runs.push_back({"inconclusive", report});
  report.results[0] = sample_result("SC-VAL-01/x", {{"SC-VAL-01", Verdict::known_deviation}}, Verdict::known_deviation);
  report.with_expectations = true;
  runs.push_back({"listed", report});
  report = green_report();
  report.interrupted = true;
  runs.push_back({"interrupted", report});
  return runs;
}

TEST(JunitReport, HasAFailureOrAnErrorExactlyWhereTheExitStatusIsNotZero) {
  for (const KindOfRun& run : runs_of_each_kind()) {
    const RunJudgement judgement = judged(run.report);
    pugi::xml_document document;
    document.load_string(junit_report(run.report, judgement).c_str());
    const pugi::xml_node suites = document.child("testsuites");
    const bool red = suites.attribute("failures").as_int() + suites.attribute("errors").as_int() > 0;
    EXPECT_EQ(red, exit_status(run.report, judgement) != 0) << run.name;
  }
}

TEST(JunitReport, FitsTheSchemaThatItsReadersShare) {
  if (!is_installed("xmllint")) GTEST_SKIP() << "no xmllint (Debian: apt-get install libxml2-utils)";
  const std::string validate = "xmllint --noout --nonet --schema " + data_file("junit.xsd") + " \"$1\"";
  for (const KindOfRun& run : runs_of_each_kind())
    EXPECT_EQ(status_of_reader(validate, junit_report(run.report, judged(run.report))), 0) << run.name;
  EXPECT_NE(status_of_reader(validate, "<testsuites skipped=\"1\"/>"), 0);
}

TEST(TapReport, CountsTestsAndCannotBeForged) {
  const RunReport report = mixed_report();
  const std::string tap = tap_report(report, judged(report));
  EXPECT_THAT(tap, testing::StartsWith("TAP version 13\n1..13\nok 1 - SC-VAL-01/holds\n"));
  EXPECT_THAT(tap, HasSubstr("\nnot ok 6 - SC-VAL-02/breaks\n  ---\n  verdict: \"fail\"\n"));
  EXPECT_THAT(tap, HasSubstr("\nok 7 - SC-VAL-01/skips # SKIP clock.virtual is not claimed\n"));
  EXPECT_THAT(tap, HasSubstr("\nnot ok 8 - RP-TTL-02/known # TODO known deviation: old"));
  EXPECT_THAT(tap, HasSubstr("\nnot ok 9 - GU-LIV-01/broken\n"));
  EXPECT_THAT(tap, HasSubstr("\nok 10 - GU-LIV-01/unsure # SKIP inconclusive: never fired\n"));
  EXPECT_THAT(tap, HasSubstr("\nnot ok 11 - ST-KEY-01/up\n"));
  EXPECT_THAT(tap,
              HasSubstr("{ id: \"SC-VAL-02\", level: \"must\", verdict: \"fail\", url: \"docs/spec/sample.md#L7\" }"));
  EXPECT_THAT(tap, HasSubstr("\nnot ok 12 - SC-LOG-01/breaks # TODO fails a should clause, which does not decide: "));
  EXPECT_THAT(tap, HasSubstr("\nnot ok 13 - verdict: violates  reference (portable)  "));
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
  EXPECT_THAT(tap_report(report, judged(report)), testing::EndsWith("Bail out!  the run was interrupted\n"));
}

TEST(TapReport, ProveTakesItAndFailsExactlyWhereTheExitStatusIsNotZero) {
  if (!is_installed("prove")) GTEST_SKIP() << "no prove (Debian: apt-get install perl)";
  for (const KindOfRun& run : runs_of_each_kind()) {
    const RunJudgement judgement = judged(run.report);
    const int status = status_of_reader("prove --exec cat \"$1\"", tap_report(run.report, judgement));
    EXPECT_EQ(status != 0, exit_status(run.report, judgement) != 0) << run.name;
  }
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

bool is_absolute_uri(const std::string& text) {
  return text.find("://") != std::string::npos && text.find(' ') == std::string::npos;
}

// The rules of SARIF 2.1.0's text and schema for the parts that we write.
void expect_structure_of_sarif(const Json& sarif) {
  EXPECT_TRUE(is_absolute_uri(sarif.at("$schema")));
  EXPECT_EQ(sarif.at("version"), "2.1.0");
  for (const Json& run : sarif.at("runs")) {
    const Json& driver = run.at("tool").at("driver");
    EXPECT_FALSE(driver.at("name").get<std::string>().empty());
    EXPECT_TRUE(is_absolute_uri(driver.at("informationUri")));
    std::set<std::string> rules;
    for (const Json& rule : driver.at("rules")) {
      EXPECT_TRUE(rules.insert(rule.at("id")).second) << rule;
      EXPECT_FALSE(rule.at("shortDescription").at("text").get<std::string>().empty());
    }
    for (const Json& invocation : run.at("invocations")) {
      EXPECT_TRUE(invocation.at("executionSuccessful").is_boolean());
      EXPECT_TRUE(invocation.at("startTimeUtc").get<std::string>().ends_with("Z"));
    }
    for (const Json& result : run.at("results")) {
      EXPECT_EQ(driver["rules"].at(result.at("ruleIndex").get<std::size_t>())["id"], result.at("ruleId"));
      EXPECT_TRUE((std::set<std::string>{"none", "note", "warning", "error"}).contains(result.at("level")));
      EXPECT_FALSE(result.at("message").at("text").get<std::string>().empty());
      for (const Json& location : result.at("locations")) {
        const Json& artifact = location.at("physicalLocation").at("artifactLocation");
        EXPECT_FALSE(artifact.at("uri").get<std::string>().starts_with('/'));
        EXPECT_TRUE(run.at("originalUriBaseIds").contains(artifact.at("uriBaseId")));
        EXPECT_GE(location["physicalLocation"].at("region").at("startLine"), 1);
      }
      for (const Json& suppression : result.value("suppressions", Json::array()))
        EXPECT_TRUE((std::set<std::string>{"inSource", "external"}).contains(suppression.at("kind")));
    }
  }
}

TEST(SarifReport, FollowsTheRulesOfItsStructure) {
  for (const KindOfRun& run : runs_of_each_kind()) {
    SCOPED_TRACE(run.name);
    expect_structure_of_sarif(Json::parse(sarif_report(run.report, judged(run.report))));
  }
}

TEST(SarifReport, AShouldClauseIsAnErrorOnlyInAStrictRun) {
  RunReport report = green_report();
  report.results.push_back(failing("SC-LOG-01"));
  const auto level = [&] {
    return Json::parse(sarif_report(report, judged(report)))["runs"][0]["results"][0]["level"];
  };
  EXPECT_EQ(level(), "warning");
  report.strict = true;
  EXPECT_EQ(level(), "error");
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
