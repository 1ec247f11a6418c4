#include "conformance/reports/json_report.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "conformance/tests/reports/sample_report.h"
#include "conformance/vocabulary/value_json.h"

namespace assay::conformance {
namespace {

using testing::HasSubstr;

RunReport full_report() {
  RunReport report = green_report();
  report.results.push_back(failing("SC-VAL-02"));
  report.results.push_back(skipping("SC-VAL-01"));
  report.reproducers["SC-VAL-02/breaks"] = {"f/SC-VAL-02.trace", "f/SC-VAL-02.phpt", ""};
  report.selection = {"--area script", {"script"}, false, {"SC-VAL-01", "SC-VAL-02"}, "1/2"};
  return report;
}

std::string written(const RunReport& report) {
  return json_report(report, judged(report));
}

std::string report_error(const std::string& text) {
  const auto report = report_from_json(text, "r.json");
  return report ? "" : report.error().message;
}

// What the reader says about the full report after `change`.
std::string error_after(const std::function<void(Json&)>& change) {
  Json json = Json::parse(written(full_report()));
  change(json);
  return report_error(json.dump());
}

TEST(JsonReport, ReadsBackAsItWasWritten) {
  const RunReport report = full_report();
  const auto saved = report_from_json(written(report), "r.json");
  ASSERT_TRUE(saved) << saved.error().message;
  EXPECT_EQ(saved->verdict, RunVerdict::violates);
  EXPECT_EQ(saved->clauses.at("SC-VAL-02"), Verdict::fail);
  EXPECT_EQ(saved->report.started, report.started);
  EXPECT_EQ(saved->report.target.features, report.target.features);
  EXPECT_EQ(saved->report.results.size(), report.results.size());
  EXPECT_EQ(saved->report.reproducers.at("SC-VAL-02/breaks").phpt_file, "f/SC-VAL-02.phpt");
  EXPECT_EQ(written(saved->report), written(report));
}

TEST(JsonReport, HasTheFieldsOfTheStableContract) {
  const Json json = Json::parse(written(full_report()));
  EXPECT_EQ(json["schema"], "assay-report/2");
  EXPECT_EQ(json["coverage"]["must"]["all"], 5);
  EXPECT_EQ(json["coverage"]["must"]["failed"], 1);
  EXPECT_EQ(json["coverage"]["should"]["not_selected"], 1);
  EXPECT_EQ(json["strict"], false);
  EXPECT_EQ(json["suite"]["seed"], 42);
  EXPECT_EQ(json["verdict"], "violates");
  EXPECT_EQ(json["unexpected"], Json::array({"SC-VAL-02/breaks"}));
  EXPECT_EQ(json["counts"]["known deviation"], 0);
  EXPECT_EQ(json["counts"]["pass"], 5);
  EXPECT_EQ(json["evidence"]["operations"], 70);
  EXPECT_EQ(json["clauses"]["SC-VAL-01"], "pass");
  EXPECT_EQ(json["results"][5]["trace"], "f/SC-VAL-02.trace");
  EXPECT_TRUE(json["results"][0]["trace"].is_null());
}

TEST(JsonReport, HostileBytesStayReadable) {
  RunReport report = full_report();
  report.results[5].reason = "got \"\xff\x1b[2J\xe2\x80\xae</script>\"";
  const Json json = Json::parse(written(report));
  EXPECT_EQ(json["results"][5]["reason"], "got \"\\xff\\x1b[2J\\xe2\\x80\\xae</script>\"");
}

TEST(JsonReport, RefusesWhatIsNotOurs) {
  EXPECT_THAT(report_error(""), HasSubstr("r.json: the file is empty"));
  EXPECT_THAT(report_error("<html>"), HasSubstr("not JSON"));
  EXPECT_THAT(report_error("{\"a\": 1}"), HasSubstr("no report of assay"));
  EXPECT_THAT(report_error("[]"), HasSubstr("no report of assay"));
  EXPECT_THAT(error_after([](Json& j) { j["schema"] = "assay-report/1"; }),
              HasSubstr("\"assay-report/1\", this program reads"));
}

TEST(JsonReport, NamesAFileThatIsCutShort) {
  const std::string text = written(full_report());
  for (const std::size_t end : {text.size() / 2, text.size() - 3, std::size_t{40}}) {
    EXPECT_THAT(report_error(text.substr(0, end)), HasSubstr("cut short")) << end;
  }
}

TEST(JsonReport, NamesTheFieldThatIsWrong) {
  EXPECT_THAT(error_after([](Json& j) { j.erase("results"); }), HasSubstr("field \"results\" is missing"));
  EXPECT_THAT(error_after([](Json& j) { j["extra"] = 1; }), HasSubstr("unknown field \"extra\""));
  EXPECT_THAT(error_after([](Json& j) { j["suite"]["seed"] = -1; }),
              HasSubstr("field \"suite.seed\": a whole number from 0"));
  EXPECT_THAT(error_after([](Json& j) { j["verdict"] = "green"; }), HasSubstr("\"green\" is none of"));
  EXPECT_THAT(error_after([](Json& j) { j["started"] = "yesterday"; }), HasSubstr("field \"started\": a time like"));
  EXPECT_THAT(error_after([](Json& j) { j["started"] = "2026-02-31T00:00:00.000Z"; }), HasSubstr("a time like"));
  EXPECT_THAT(error_after([](Json& j) { j["clauses"]["SC-VAL-01"] = 7; }), HasSubstr("field \"clauses.SC-VAL-01\": 7"));
  EXPECT_THAT(error_after([](Json& j) { j["results"][2]["verdict"] = "ok"; }),
              HasSubstr("field \"results[2].verdict\""));
  EXPECT_THAT(error_after([](Json& j) { j["results"][2]["colour"] = "red"; }),
              HasSubstr("unknown field \"results[2].colour\""));
  EXPECT_THAT(error_after([](Json& j) { j["results"][2]["seconds"] = -1; }), HasSubstr("results[2].seconds"));
  EXPECT_THAT(error_after([](Json& j) { j["results"][2] = 1; }),
              HasSubstr("field \"results[2]\": an object is needed"));
  EXPECT_THAT(error_after([](Json& j) { j["results"][2]["test"] = j["results"][1]["test"]; }),
              HasSubstr("appears twice"));
  EXPECT_THAT(error_after([](Json& j) { j["counts"]["pass"] = 99; }), HasSubstr("field \"counts.pass\" says 99"));
  EXPECT_THAT(error_after([](Json& j) { j["evidence"]["operations"] = 1; }), HasSubstr("not the sum"));
}

TEST(JsonReport, AFileThatIsMissingSaysSo) {
  const auto report = read_report("/nonexistent/r.json");
  ASSERT_FALSE(report);
  EXPECT_THAT(report.error().message, HasSubstr("/nonexistent/r.json: cannot be read: No such file or directory"));
}

}  // namespace
}  // namespace assay::conformance
