#pragma once

#include <string>
#include <vector>

#include "conformance/reports/run_report.h"

namespace assay::conformance {

// A small catalogue and a realistic run for the tests of the reports, independent of the real clauses.
inline std::vector<ClauseInfo> sample_catalogue() {
  const auto clause = [](const char* id, const char* title, const char* strength, const char* area,
                         const char* feature) {
    return ClauseInfo{
        id, title, std::string("What holds: ") + title + ".", strength, area, feature, "", "docs/spec/sample.md", 7};
  };
  std::vector<ClauseInfo> clauses = {
      clause("SC-VAL-01", "a changed file is noticed", "must", "script", "script_cache"),
      clause("SC-VAL-02", "an entry rests until the window has passed", "must", "script", "script_cache"),
      clause("SC-LOG-01", "the log names the reason", "should", "script", "script_cache.log"),
      clause("RP-TTL-02", "an entry lives for its time to live", "must", "realpath", "realpath_cache"),
      clause("ST-KEY-01", "keys are exact bytes", "must", "static", "static_cache"),
      clause("GU-LIV-01", "a killed worker holds nobody up", "must", "guarantee", "")};
  return clauses;
}

inline TestResult sample_result(const std::string& test, std::map<std::string, Verdict> clauses, Verdict verdict,
                                const std::string& reason = "") {
  TestResult result;
  result.test = test;
  result.kind = "clause";
  result.clauses = std::move(clauses);
  result.verdict = verdict;
  result.reason = reason;
  result.seconds = 0.25;
  result.evidence.traces = 1;
  result.evidence.operations = 10;
  return result;
}

inline TestResult passing(const std::string& clause) {
  return sample_result(clause + "/holds", {{clause, Verdict::pass}}, Verdict::pass);
}
inline TestResult failing(const std::string& clause) {
  auto result =
      sample_result(clause + "/breaks", {{clause, Verdict::fail}}, Verdict::fail, "expected \"new\", got \"old\"");
  result.details = "  1. W0: include(\"@/a.php\")\n     expected  \"new\"\n     actual    \"old\"\n";
  result.trace_file = "assay-failures/" + clause + ".trace";
  return result;
}
inline TestResult skipping(const std::string& clause) {
  return sample_result(clause + "/skips", {{clause, Verdict::skip}}, Verdict::skip, "clock.virtual is not claimed");
}

// A target with all features of the sample catalogue and the given results.
inline RunReport sample_report(std::vector<TestResult> results) {
  RunReport report;
  report.suite = {"0.1.0", "quick", 42};
  report.target.name = "reference";
  report.target.version = "0.1.0";
  report.target.features = {"script_cache", "script_cache.log", "realpath_cache", "static_cache.volatile"};
  report.target.choices = {{"ttl-edge", "inclusive"}};
  report.target.option = "reference";
  report.results = std::move(results);
  report.started = std::chrono::system_clock::time_point(std::chrono::milliseconds(1'790'000'000'123));
  report.finished = report.started + std::chrono::milliseconds(4250);
  return report;
}

// Every must clause of the sample catalogue passes.
inline RunReport green_report() {
  return sample_report(
      {passing("SC-VAL-01"), passing("SC-VAL-02"), passing("RP-TTL-02"), passing("ST-KEY-01"), passing("GU-LIV-01")});
}

inline RunJudgement judged(const RunReport& report) {
  return judge_run(report, sample_catalogue());
}

}  // namespace assay::conformance
