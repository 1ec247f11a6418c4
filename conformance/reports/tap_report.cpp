#include "conformance/reports/tap_report.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <sstream>

#include "conformance/reports/clean_text.h"
#include "conformance/reports/report_view.h"
#include "conformance/vocabulary/value_json.h"

namespace assay::conformance {
namespace {

// "#" and "\" mean something in a description.
std::string description(const std::string& text) {
  std::string out;
  for (const char c : clean_line(text)) {
    if (c == '#' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

// JSON strings are YAML strings, whatever is in them.
std::string yaml_string(const std::string& text) {
  return Json(clean_text(text)).dump();
}

std::string directive(const TestResult& result) {
  const std::string reason = description(result.reason);
  switch (result.verdict) {
    case Verdict::skip:
      return " # SKIP " + reason;
    case Verdict::inconclusive:
      return " # SKIP inconclusive: " + reason;
    case Verdict::known_deviation:
      return " # TODO known deviation: " + reason;
    default:
      return "";
  }
}

bool is_ok(Verdict verdict) {
  return verdict == Verdict::pass || verdict == Verdict::skip || verdict == Verdict::inconclusive;
}

std::string diagnostics(const RunReport& report, const RunJudgement& judgement, const TestResult& result) {
  std::string out = "  ---\n";
  out += fmt::format("  verdict: {}\n", yaml_string(std::string(to_text(result.verdict))));
  out += "  clauses:\n";
  for (const auto& [id, verdict] : clause_verdicts(result)) {
    const ClauseJudgement* entry = judgement.find(id);
    out += fmt::format("    - {{ id: {}, level: {}, verdict: {}, url: {} }}\n", yaml_string(id),
                       yaml_string(entry ? entry->clause.strength : "must"), yaml_string(std::string(to_text(verdict))),
                       yaml_string(entry ? fmt::format("{}#L{}", entry->clause.file, entry->clause.line) : ""));
  }
  out += fmt::format("  message: {}\n", yaml_string(result.reason));
  if (!result.details.empty()) {
    out += "  trace:\n";
    std::istringstream lines(clean_text(result.details));
    for (std::string line; std::getline(lines, line);) out += fmt::format("    - {}\n", yaml_string(line));
  }
  if (!is_ok(result.verdict)) {
    out += fmt::format("  seed: {}\n  replay: {}\n", report.suite.seed, yaml_string(replay_command(report, result)));
  }
  return out + "  ...\n";
}

}  // namespace

std::string tap_report(const RunReport& report, const RunJudgement& judgement) {
  std::string out = fmt::format("TAP version 14\n1..{}\n", report.results.size());
  int number = 0;
  for (const TestResult& result : report.results) {
    out += fmt::format("{} {} - {}{}\n", is_ok(result.verdict) ? "ok" : "not ok", ++number, description(result.test),
                       directive(result));
    if (result.verdict != Verdict::pass && result.verdict != Verdict::skip)
      out += diagnostics(report, judgement, result);
  }
  out += "# " + description(verdict_line(report, judgement)) + "\n";
  if (report.interrupted) out += "Bail out! the run was interrupted\n";
  return out;
}

}  // namespace assay::conformance
