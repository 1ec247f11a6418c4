#include "conformance/reports/expectations.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include "conformance/tests/reports/sample_report.h"

namespace assay::conformance {
namespace {

using testing::HasSubstr;

constexpr char one_line[] =
    R"({"test": "SC-VAL-0?/breaks", "verdict": "fail", "reason": "old build", "link": "https://bugs.example/1"})";

Expectation for_test(const std::string& glob) {
  return {glob, "", "old build", "https://bugs.example/1", 1};
}
Expectation for_clause(const std::string& id) {
  return {"", id, "old build", "https://bugs.example/1", 1};
}

std::string expectations_error(const std::string& text) {
  const auto entries = expectations_from_text(text, "known.jsonl");
  return entries ? "" : entries.error().message;
}

TEST(Expectations, ReadsEntriesCommentsAndEmptyLines) {
  const auto entries = expectations_from_text(std::string("# why\n\n") + one_line + "\n", "known.jsonl");
  ASSERT_TRUE(entries) << entries.error().message;
  ASSERT_EQ(entries->size(), 1u);
  EXPECT_EQ(entries->front().test, "SC-VAL-0?/breaks");
  EXPECT_EQ(entries->front().line, 3);
}

TEST(Expectations, NamesLineAndFieldOfWhatIsWrong) {
  EXPECT_THAT(expectations_error("\nnonsense"), HasSubstr("known.jsonl:2: not JSON"));
  EXPECT_THAT(expectations_error("[]"), HasSubstr("an object is needed"));
  EXPECT_THAT(expectations_error(R"({"test": "x", "verdict": "fail", "link": "l"})"),
              HasSubstr("\"reason\" is missing"));
  EXPECT_THAT(expectations_error(R"({"test": "x", "verdict": "fail", "reason": " ", "link": "l"})"),
              HasSubstr("say why"));
  EXPECT_THAT(expectations_error(R"({"test": "x", "verdict": "fail", "reason": "r", "link": ""})"),
              HasSubstr("field \"link\""));
  EXPECT_THAT(expectations_error(R"({"test": "x", "verdict": "skip", "reason": "r", "link": "l"})"),
              HasSubstr("only \"fail\""));
  EXPECT_THAT(expectations_error(R"({"verdict": "fail", "reason": "r", "link": "l"})"), HasSubstr("either \"test\""));
  EXPECT_THAT(expectations_error(R"({"test": "x", "clause": "y", "verdict": "fail", "reason": "r", "link": "l"})"),
              HasSubstr("either"));
  EXPECT_THAT(expectations_error(R"({"test": "x", "verdict": "fail", "reason": "r", "link": "l", "for": 1})"),
              HasSubstr("unknown field \"for\""));
  EXPECT_THAT(expectations_error(R"({"test": "x", "verdict": "fail", "reason": "r", "link": "l", "until": "soon"})"),
              HasSubstr("field \"until\": \"soon\" is no list of versions"));
}

TEST(ApplyExpectations, OnlyThoseOfTheVersionCount) {
  Expectation entry = for_test("SC-VAL-*");
  entry.since = "8.3";
  entry.until = "8.4.27, 8.5.3";
  for (const auto& [version, verdict] : std::map<std::string, Verdict>{{"8.2.36", Verdict::fail},
                                                                       {"8.3.8", Verdict::known_deviation},
                                                                       {"8.4.14", Verdict::known_deviation},
                                                                       {"8.4.27", Verdict::fail},
                                                                       {"8.5.2 (PHP)", Verdict::known_deviation},
                                                                       {"8.6.0", Verdict::fail},
                                                                       {"unreadable", Verdict::known_deviation}}) {
    RunReport report = green_report();
    report.target.version = version;
    report.results.push_back(failing("SC-VAL-02"));
    EXPECT_TRUE(apply_expectations({entry}, report).empty()) << version;
    EXPECT_EQ(report.results.back().verdict, verdict) << version;
  }
}

TEST(ApplyExpectations, AListedFailureIsAKnownDeviationThatStillViolates) {
  for (const Expectation& entry : {for_test("SC-VAL-*"), for_clause("SC-VAL-02")}) {
    RunReport report = green_report();
    report.results.push_back(failing("SC-VAL-02"));
    EXPECT_TRUE(apply_expectations({entry}, report).empty());
    EXPECT_EQ(report.results.back().verdict, Verdict::known_deviation);
    EXPECT_EQ(report.results.back().clauses.at("SC-VAL-02"), Verdict::known_deviation);
    EXPECT_THAT(report.results.back().reason, HasSubstr("old build (https://bugs.example/1): expected"));
    EXPECT_EQ(report.results[0].verdict, Verdict::pass);
    EXPECT_EQ(judged(report).verdict, RunVerdict::violates);
    EXPECT_TRUE(judged(report).unexpected.empty());
  }
}

TEST(ApplyExpectations, AFailureOfAnotherClauseInTheSameTestIsNotCovered) {
  RunReport report = sample_report({failing("SC-VAL-02")});
  report.results[0].clauses["GU-LIV-01"] = Verdict::fail;
  apply_expectations({for_clause("SC-VAL-02")}, report);
  EXPECT_EQ(report.results[0].verdict, Verdict::fail);
  apply_expectations({for_clause("SC-VAL-02"), for_clause("GU-LIV-01")}, report);
  EXPECT_EQ(report.results[0].verdict, Verdict::known_deviation);
}

TEST(ApplyExpectations, WhatIsListedAndPassesIsUnexpected) {
  RunReport report = green_report();
  apply_expectations({for_test("SC-VAL-02/*")}, report);
  EXPECT_EQ(report.results[1].verdict, Verdict::unexpected_pass);
  EXPECT_EQ(report.results[0].verdict, Verdict::pass);
  EXPECT_EQ(judged(report).unexpected, std::vector<std::string>{"SC-VAL-02/holds"});
  EXPECT_EQ(judged(report).verdict, RunVerdict::conforms);
}

TEST(ApplyExpectations, AClauseThatAMonitorWatchesEverywhereIsReportedWhereItIsTested) {
  RunReport report = green_report();
  for (TestResult& result : report.results) result.clauses["GU-LIV-01"] = Verdict::pass;
  apply_expectations({for_clause("GU-LIV-01")}, report);
  EXPECT_EQ(judged(report).unexpected, std::vector<std::string>{"GU-LIV-01/holds"});
}

TEST(ApplyExpectations, AGlobWithOneFailureLeavesThePassesAlone) {
  RunReport report = green_report();
  report.results.push_back(failing("SC-VAL-02"));
  apply_expectations({for_test("SC-*")}, report);
  EXPECT_TRUE(judged(report).unexpected.empty());
}

TEST(ApplyExpectations, TellsWhichEntriesNameNothing) {
  RunReport report = green_report();
  const auto unused = apply_expectations({for_test("XX-*"), for_clause("RP-TTL-99")}, report);
  EXPECT_EQ(unused.size(), 2u);
}

TEST(ApplyExpectations, SkippedAndBrokenTestsStayWhatTheyAre) {
  RunReport report = sample_report({skipping("SC-VAL-01"), sample_result("SC-VAL-02/x", {}, Verdict::error, "broke")});
  apply_expectations({for_test("SC-*")}, report);
  EXPECT_EQ(report.results[0].verdict, Verdict::skip);
  EXPECT_EQ(report.results[1].verdict, Verdict::error);
}

}  // namespace
}  // namespace assay::conformance
