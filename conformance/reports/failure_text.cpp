#include "conformance/reports/failure_text.h"

#include <fmt/format.h>

#include "conformance/reports/clean_text.h"
#include "conformance/reports/report_view.h"

namespace assay::conformance {

std::string failure_text(const RunReport& report, const RunJudgement& judgement, const TestResult& result) {
  std::string out;
  for (const ClauseJudgement* entry : clauses_of(judgement, result)) {
    const ClauseInfo& clause = entry->clause;
    out += fmt::format("{} ({}): {}\n", clause.id, clause.strength, clause.title);
    if (!clause.statement.empty()) out += clause.statement + "\n";
    out += "\n";
  }
  out += result.reason + "\n";
  if (!result.details.empty()) out += "\n" + result.details + (result.details.ends_with('\n') ? "" : "\n");
  out += fmt::format("\nseed {}\nreplay: {}\n", report.suite.seed, replay_command(report, result));
  const auto files = report.reproducers.find(result.test);
  if (files != report.reproducers.end() && !files->second.phpt_file.empty()) {
    out += fmt::format("phpt: {}\n", files->second.phpt_file);
  }
  return clean_text(out);
}

}  // namespace assay::conformance
