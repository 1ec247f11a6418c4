#include "conformance/reports/report_view.h"

#include <fmt/format.h>

#include <algorithm>

#include "conformance/reports/clean_text.h"
#include "conformance/reports/timestamp.h"

namespace assay::conformance {

std::vector<const ClauseJudgement*> clauses_of(const RunJudgement& judgement, const TestResult& result) {
  std::vector<const ClauseJudgement*> found;
  for (const auto& [id, verdict] : clause_verdicts(result)) {
    const ClauseJudgement* entry = verdict == result.verdict ? judgement.find(id) : nullptr;
    if (entry) found.push_back(entry);
  }
  std::stable_partition(found.begin(), found.end(), [](const ClauseJudgement* entry) { return entry->must(); });
  return found;
}

const ClauseJudgement* clause_of(const RunJudgement& judgement, const TestResult& result) {
  const auto clauses = clauses_of(judgement, result);
  return clauses.empty() ? nullptr : clauses.front();
}

Standing standing_of(const RunReport& report, const RunJudgement& judgement, const TestResult& result) {
  switch (result.verdict) {
    case Verdict::pass:
      return Standing::holds;
    case Verdict::skip:
    case Verdict::inconclusive:
      return Standing::skipped;
    case Verdict::known_deviation:
      return Standing::tolerated;
    case Verdict::unexpected_pass:
      return Standing::fails;
    case Verdict::error:
      return Standing::broke;
    case Verdict::fail:
      break;
  }
  const auto broken = clauses_of(judgement, result);
  const bool decides = broken.empty() || std::any_of(broken.begin(), broken.end(), [&](const ClauseJudgement* entry) {
                         return entry->must() || (report.strict && entry->clause.strength == "should");
                       });
  return decides ? Standing::fails : Standing::tolerated;
}

bool is_tolerated_failure(const RunReport& report, const RunJudgement& judgement, const TestResult& result) {
  return result.verdict == Verdict::fail && standing_of(report, judgement, result) == Standing::tolerated;
}

std::string excuse_of(const RunReport& report, const RunJudgement& judgement, const TestResult& result) {
  if (result.verdict == Verdict::skip) return result.reason;
  if (!is_tolerated_failure(report, judgement, result))
    return fmt::format("{}: {}", to_text(result.verdict), result.reason);
  const ClauseJudgement* entry = clause_of(judgement, result);
  return fmt::format("fails a {} clause, which does not decide: {}", entry ? entry->clause.strength : "",
                     result.reason);
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
  add(evidence.interleavings, "schedule", "schedules");
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
  std::string out = fmt::format("{} test{}, {} passed, {} failed, {} skipped", tests, tests == 1 ? "" : "s",
                                count(Verdict::pass), count(Verdict::fail), count(Verdict::skip));
  const auto add = [&](Verdict v, const char* one, const char* many) {
    if (const int n = count(v)) out += fmt::format(", {} {}", n, n == 1 ? one : many);
  };
  add(Verdict::known_deviation, "known deviation", "known deviations");
  add(Verdict::unexpected_pass, "unexpected pass", "unexpected passes");
  add(Verdict::inconclusive, "inconclusive", "inconclusive");
  add(Verdict::error, "error", "errors");
  return out;
}

std::string verdict_text(const RunReport& report, const RunJudgement& judgement) {
  return std::string(to_text(judgement.verdict)) + (report.selection.is_selection() ? " within the selection" : "");
}

std::string coverage_text(const RunJudgement& judgement) {
  return fmt::format("{}; should: {}", judgement.coverage.at("must").in_words("must clauses"),
                     judgement.coverage.at("should").in_words(""));
}

std::string verdict_line(const RunReport& report, const RunJudgement& judgement) {
  return fmt::format("{}  {} ({})  {}; {}", verdict_text(report, judgement), clean_line(report.target.name),
                     clean_line(report.contract), coverage_text(judgement), judgement.why);
}

std::vector<const TestResult*> slowest(const RunReport& report, std::size_t count) {
  std::vector<const TestResult*> all;
  for (const TestResult& result : report.results) all.push_back(&result);
  std::stable_sort(all.begin(), all.end(), [](const auto* a, const auto* b) { return a->seconds > b->seconds; });
  all.resize(std::min(all.size(), count));
  return all;
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
