#include "conformance/reports/sarif_report.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

#include "conformance/registry/test_ids.h"
#include "conformance/reports/clean_text.h"
#include "conformance/reports/failure_text.h"
#include "conformance/reports/report_view.h"
#include "conformance/reports/timestamp.h"
#include "conformance/vocabulary/value_json.h"

namespace assay::conformance {
namespace {

// An error is what decides, as in the verdict.
const char* level_of(const ClauseInfo& clause, bool strict) {
  if (clause.strength == "must" || (strict && clause.strength == "should")) return "error";
  return clause.strength == "should" ? "warning" : "note";
}

// FNV-1a: stable over machines and runs.
std::string fingerprint(const std::string& text) {
  std::uint64_t hash = 14695981039346656037ull;
  for (const unsigned char c : text) hash = (hash ^ c) * 1099511628211ull;
  return fmt::format("{:016x}", hash);
}

Json rule(const ClauseInfo& clause, bool strict) {
  return {{"id", clean_text(clause.id)},
          {"name", clean_text(clause.title)},
          {"shortDescription", {{"text", clean_text(clause.title)}}},
          {"fullDescription", {{"text", clean_text(clause.statement.empty() ? clause.title : clause.statement)}}},
          {"defaultConfiguration", {{"level", level_of(clause, strict)}}},
          {"properties", {{"strength", clause.strength}, {"area", clause.area}}}};
}

Json location(const ClauseInfo& clause, const TestResult& result) {
  Json place = {
      {"logicalLocations", Json::array({{{"fullyQualifiedName", clean_text(result.test)}, {"kind", "test"}}})}};
  if (!clause.file.empty()) {
    place["physicalLocation"] = {{"artifactLocation", {{"uri", clause.file}, {"uriBaseId", "%SRCROOT%"}}},
                                 {"region", {{"startLine", std::max(1, clause.line)}}}};
  }
  return place;
}

class SarifWriter {
 public:
  SarifWriter(const RunReport& report, const RunJudgement& judgement) : report_(report), judgement_(judgement) {}

  std::string write() {
    for (const ClauseJudgement& entry : judgement_.clauses) {
      if (!entry.verdict) continue;
      for (const std::size_t i : entry.results) violation(entry.clause, report_.results[i]);
      rules_.push_back(rule(entry.clause, report_.strict));
    }
    const Json driver = {{"name", "assay"},
                         {"semanticVersion", clean_text(report_.suite.version)},
                         {"informationUri", ASSAY_HOMEPAGE},
                         {"rules", rules_}};
    const Json run = {
        {"tool", {{"driver", driver}}},
        {"originalUriBaseIds", {{"%SRCROOT%", {{"description", {{"text", "the root of Assay's sources"}}}}}}},
        {"invocations",
         Json::array({{{"executionSuccessful", judgement_.counts.at(Verdict::error) == 0 && !report_.interrupted},
                       {"exitCode", exit_status(report_, judgement_)},
                       {"startTimeUtc", utc_timestamp(report_.started)},
                       {"endTimeUtc", utc_timestamp(report_.finished)}}})},
        {"automationDetails", {{"id", clean_line(report_.target.name + "/" + report_.contract + "/")}}},
        {"properties",
         {{"target", clean_text(report_.target.name)},
          {"targetVersion", clean_text(report_.target.version)},
          {"contract", clean_text(report_.contract)},
          {"verdict", verdict_text(report_, judgement_)},
          {"summary", clean_text(verdict_line(report_, judgement_))},
          {"seed", report_.suite.seed}}},
        {"results", results_}};
    const Json log = {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                      {"version", "2.1.0"},
                      {"runs", Json::array({run})}};
    return log.dump(2) + "\n";
  }

 private:
  void violation(const ClauseInfo& clause, const TestResult& result) {
    const auto verdicts = clause_verdicts(result);
    const auto found = verdicts.find(clause.id);
    if (found == verdicts.end()) return;  // its test, which ended at another clause
    const Verdict verdict = found->second;
    if (verdict != Verdict::fail && verdict != Verdict::known_deviation) return;
    Json entry = {{"ruleId", clean_text(clause.id)},
                  {"ruleIndex", rules_.size()},
                  {"kind", "fail"},
                  {"level", level_of(clause, report_.strict)},
                  {"message", {{"text", failure_text(report_, judgement_, result)}}},
                  {"locations", Json::array({location(clause, result)})},
                  {"partialFingerprints",
                   {{"assayTest/v1", fingerprint(report_.target.name + "\n" + clause.id + "\n" + result.test)}}}};
    if (const std::string title = title_of(result.test); !title.empty())
      entry["properties"]["title"] = clean_text(title);
    if (verdict == Verdict::known_deviation) {
      entry["suppressions"] = Json::array({{{"kind", "external"}, {"justification", clean_text(result.reason)}}});
    }
    results_.push_back(entry);
  }

  const RunReport& report_;
  const RunJudgement& judgement_;
  Json rules_ = Json::array();
  Json results_ = Json::array();
};

}  // namespace

std::string sarif_report(const RunReport& report, const RunJudgement& judgement) {
  return SarifWriter(report, judgement).write();
}

}  // namespace assay::conformance
