#include "conformance/reports/tap_report.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <sstream>

#include "conformance/registry/test_ids.h"
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

std::string directive(Standing standing, const std::string& excuse) {
  if (standing == Standing::skipped) return " # SKIP " + description(excuse);
  if (standing == Standing::tolerated) return " # TODO " + description(excuse);
  return "";
}

bool is_ok(Standing standing) {
  return standing == Standing::holds || standing == Standing::skipped;
}

std::string diagnostics(const RunReport& report, const RunJudgement& judgement, const TestResult& result) {
  std::string out = "  ---\n";
  if (const std::string title = title_of(result.test); !title.empty())
    out += fmt::format("  title: {}\n", yaml_string(title));
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
  if (!is_ok(standing_of(report, judgement, result))) {
    out += fmt::format("  seed: {}\n  replay: {}\n", report.suite.seed, yaml_string(replay_command(report, result)));
  }
  return out + "  ...\n";
}

}  // namespace

std::string tap_report(const RunReport& report, const RunJudgement& judgement) {
  std::string out = fmt::format("TAP version 13\n1..{}\n", report.results.size() + 1);
  std::size_t number = 0;
  const auto line = [&](bool ok, const std::string& name, const std::string& rest) {
    out += fmt::format("{} {} - {}{}\n", ok ? "ok" : "not ok", ++number, description(name), rest);
  };
  for (const TestResult& result : report.results) {
    const Standing standing = standing_of(report, judgement, result);
    line(is_ok(standing), result.test, directive(standing, excuse_of(report, judgement, result)));
    if (result.verdict != Verdict::pass && result.verdict != Verdict::skip)
      out += diagnostics(report, judgement, result);
  }
  if (report.interrupted) return out + "Bail out!  the run was interrupted\n";
  line(exit_status(report, judgement) == 0, "verdict: " + verdict_line(report, judgement), "");
  return out;
}

}  // namespace assay::conformance
