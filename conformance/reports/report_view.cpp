#include "conformance/reports/report_view.h"

#include <fmt/format.h>

#include <algorithm>

#include "conformance/reports/clean_text.h"
#include "conformance/reports/timestamp.h"

namespace assay::conformance {

const ClauseJudgement* clause_of(const RunJudgement& judgement, const TestResult& result) {
  const ClauseJudgement* first = nullptr;
  for (const auto& [id, verdict] : clause_verdicts(result)) {
    if (verdict != result.verdict) continue;
    const ClauseJudgement* entry = judgement.find(id);
    if (entry && entry->must()) return entry;
    if (!first) first = entry;
  }
  return first;
}

bool is_should_failure(const RunJudgement& judgement, const TestResult& result) {
  const ClauseJudgement* entry = clause_of(judgement, result);
  return result.verdict == Verdict::fail && entry && !entry->must();
}

std::vector<const TestResult*> results_with(const RunReport& report, Verdict verdict) {
  std::vector<const TestResult*> found;
  for (const TestResult& result : report.results) {
    if (result.verdict == verdict) found.push_back(&result);
  }
  return found;
}

std::vector<std::pair<std::string, int>> skips_by_reason(const RunReport& report) {
  std::map<std::string, int> counts;
  for (const TestResult* result : results_with(report, Verdict::skip)) ++counts[clean_line(result->reason)];
  std::vector<std::pair<std::string, int>> sorted(counts.begin(), counts.end());
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  return sorted;
}

std::string grouped(std::uint64_t number) {
  std::string out = fmt::format("{}", number);
  for (std::size_t i = out.size(); i > 3; i -= 3) out.insert(i - 3, ",");
  return out;
}

std::string evidence_text(const Evidence& evidence) {
  std::string out;
  const auto add = [&](std::uint64_t n, const char* one, const char* many) {
    if (n > 0) out += fmt::format("{}{} {}", out.empty() ? "" : ", ", grouped(n), n == 1 ? one : many);
  };
  add(evidence.traces, "trace", "traces");
  add(evidence.operations, "operation", "operations");
  add(evidence.interleavings, "interleaving", "interleavings");
  add(evidence.faults_fired, "fault fired", "faults fired");
  add(evidence.crash_states, "crash state", "crash states");
  std::uint64_t fired = 0;
  for (const auto& [name, point] : evidence.points) fired += point.fired > 0 ? 1 : 0;
  add(evidence.points.size(), "point reached", "points reached");
  if (!evidence.points.empty()) out += fmt::format(" (faults at {})", fired);
  return out.empty() ? "nothing" : out;
}

std::string counts_text(const RunJudgement& judgement) {
  const auto count = [&](Verdict v) { return judgement.counts.at(v); };
  int tests = 0;
  for (const auto& [verdict, n] : judgement.counts) tests += n;
  const std::size_t must = judgement.passed_must.size() + judgement.failed_must.size();
  std::string out = fmt::format("{} must clause{}, {} test{}, {} failed, {} skipped", must, must == 1 ? "" : "s", tests,
                                tests == 1 ? "" : "s", count(Verdict::fail), count(Verdict::skip));
  const auto add = [&](Verdict v, const char* one, const char* many) {
    if (const int n = count(v)) out += fmt::format(", {} {}", n, n == 1 ? one : many);
  };
  add(Verdict::known_deviation, "known deviation", "known deviations");
  add(Verdict::unexpected_pass, "unexpected pass", "unexpected passes");
  add(Verdict::inconclusive, "inconclusive", "inconclusive");
  add(Verdict::error, "error", "errors");
  return out;
}

std::string verdict_line(const RunReport& report, const RunJudgement& judgement) {
  return fmt::format("{}  {} ({})  {} in {}: {}", to_text(judgement.verdict), clean_line(report.target.name),
                     clean_line(report.contract), counts_text(judgement), duration_text(seconds_of(report)),
                     judgement.why);
}

const char* symbol_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return "✓";
    case Verdict::skip:
      return "–";
    case Verdict::known_deviation:
      return "≠";
    case Verdict::inconclusive:
      return "?";
    case Verdict::unexpected_pass:
      return "↑";
    case Verdict::fail:
      return "✗";
    case Verdict::error:
      return "!";
  }
  return "?";
}

const char* symbol_of(RunVerdict verdict) {
  return verdict == RunVerdict::conforms ? "✓" : verdict == RunVerdict::violates ? "✗" : "?";
}

}  // namespace assay::conformance
