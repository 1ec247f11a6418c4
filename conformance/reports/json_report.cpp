#include "conformance/reports/json_report.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "conformance/registry/test_ids.h"
#include "conformance/reports/clean_text.h"
#include "conformance/reports/timestamp.h"
#include "conformance/vocabulary/value_json.h"

namespace assay::conformance {
namespace {

Json text_json(const std::string& text) {
  return clean_text(text);
}

template <class Texts>
Json list_json(const Texts& texts) {
  Json list = Json::array();
  for (const std::string& text : texts) list.push_back(text_json(text));
  return list;
}

// In the order of what is written: a text that is not clean may stand elsewhere.
Json set_json(const std::set<std::string>& texts) {
  std::set<std::string> clean;
  for (const std::string& text : texts) clean.insert(clean_text(text));
  return list_json(clean);
}

// The same of what is kept by name.
template <class T>
std::map<std::string, T> by_clean_name(const std::map<std::string, T>& by_name) {
  std::map<std::string, T> clean;
  for (const auto& [name, value] : by_name) clean.insert_or_assign(clean_text(name), value);
  return clean;
}

Json verdicts_json(const std::map<std::string, Verdict>& verdicts) {
  Json json = Json::object();
  for (const auto& [id, verdict] : by_clean_name(verdicts)) json[id] = to_text(verdict);
  return json;
}

Json points_json(const Evidence& evidence) {
  Json points = Json::object();
  for (const auto& [name, point] : by_clean_name(evidence.points)) {
    Json operations = Json::object();
    for (const auto& [operation, times] : by_clean_name(point.operations)) operations[operation] = times;
    points[name] = {{"reached", point.reached}, {"fired", point.fired}, {"operations", operations}};
  }
  return points;
}

Json evidence_json(const Evidence& evidence) {
  return {{"traces", evidence.traces},
          {"operations", evidence.operations},
          {"interleavings", evidence.interleavings},
          {"faults_fired", evidence.faults_fired},
          {"crash_states", evidence.crash_states},
          {"points", points_json(evidence)}};
}

Json target_json(const RunReport::TargetInfo& target) {
  Json choices = Json::object();
  for (const auto& [name, value] : by_clean_name(target.choices)) choices[name] = text_json(value);
  return {{"name", text_json(target.name)},
          {"version", text_json(target.version)},
          {"php", text_json(target.php)},
          {"features", set_json(target.features)},
          {"choices", choices},
          {"option", text_json(target.option)}};
}

Json result_json(const RunReport& report, const TestResult& result) {
  const auto found = report.reproducers.find(result.test);
  const Reproducer files = found == report.reproducers.end() ? Reproducer{result.trace_file, "", ""} : found->second;
  Json json = {{"test", text_json(result.test)},
               {"kind", text_json(result.kind)},
               {"clauses", verdicts_json(clause_verdicts(result))},
               {"verdict", to_text(result.verdict)},
               {"reason", text_json(result.reason)},
               {"seconds", std::max(0.0, result.seconds)},
               {"trace", files.trace_file.empty() ? Json(nullptr) : text_json(files.trace_file)},
               {"evidence", evidence_json(result.evidence)}};
  if (const std::string title = title_of(result.test); !title.empty()) json["title"] = text_json(title);
  if (!result.details.empty()) json["details"] = text_json(result.details);
  if (!files.phpt_file.empty()) json["phpt"] = text_json(files.phpt_file);
  if (!files.no_phpt.empty()) json["no_phpt"] = text_json(files.no_phpt);
  return json;
}

// Every state stands there, those with no clause too: the sum is the contract.
Json coverage_json(const RunJudgement& judgement) {
  Json json = Json::object();
  for (const auto& [strength, coverage] : judgement.coverage) {
    Json& states = json[strength] = Json::object();
    for (int s = 0; s <= static_cast<int>(ClauseState::unobservable); ++s) {
      const auto state = static_cast<ClauseState>(s);
      states[to_field(state)] = coverage.in(state);
    }
    states["all"] = coverage.all();
  }
  return json;
}

Json head_json(const RunReport& report) {
  return {{"schema", report_schema},
          {"suite",
           {{"version", text_json(report.suite.version)},
            {"commit", text_json(report.suite.commit)},
            {"profile", report.suite.profile},
            {"seed", report.suite.seed}}},
          {"target", target_json(report.target)},
          {"contract", text_json(report.contract)},
          {"selection",
           {{"text", text_json(report.selection.text)},
            {"areas", set_json(report.selection.areas)},
            {"narrowed", report.selection.narrowed},
            {"shard", text_json(report.selection.shard)},
            {"clauses", set_json(report.selection.clauses)}}},
          {"started", utc_timestamp(report.started)},
          {"finished", utc_timestamp(report.finished)},
          {"interrupted", report.interrupted},
          {"with_expectations", report.with_expectations},
          {"strict", report.strict}};
}

}  // namespace

std::string json_report(const RunReport& report, const RunJudgement& judgement) {
  Json json = head_json(report);
  json["verdict"] = to_text(judgement.verdict);
  json["why"] = text_json(judgement.why);
  json["coverage"] = coverage_json(judgement);
  json["unexpected"] = list_json(judgement.unexpected);
  Json counts = Json::object();
  for (const auto& [verdict, count] : judgement.counts) counts[std::string(to_text(verdict))] = count;
  json["counts"] = counts;
  json["evidence"] = evidence_json(judgement.evidence);
  std::map<std::string, Verdict> clauses;
  for (const ClauseJudgement& entry : judgement.clauses) {
    if (entry.verdict) clauses[entry.clause.id] = *entry.verdict;
  }
  json["clauses"] = verdicts_json(clauses);
  json["untested"] = list_json(judgement.untested_must);
  Json results = Json::array();
  for (const TestResult& result : report.results) results.push_back(result_json(report, result));
  json["results"] = results;
  return json.dump(2) + "\n";
}

}  // namespace assay::conformance
