#include "conformance/reports/run_report.h"

#include <fmt/format.h>

#include <algorithm>

#include "conformance/registry/test_case.h"

namespace assay::conformance {
namespace {

constexpr std::string_view verdict_names[] = {"conforms", "violates", "not shown"};

// One line, whatever the text is: bytes that would drive a terminal, or end the line, are written as bash's $'\xNN'.
std::string shell_quoted(const std::string& text) {
  const bool plain = !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalnum(c) || std::string_view("-_./:=,@+%").find(static_cast<char>(c)) != std::string_view::npos;
  });
  if (plain) return text;
  const bool controls = std::any_of(text.begin(), text.end(), [](unsigned char c) { return std::iscntrl(c); });
  std::string out = controls ? "$'" : "'";
  for (const char c : text) {
    if (controls && (std::iscntrl(static_cast<unsigned char>(c)) || c == '\\' || c == '\''))
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    else
      out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  }
  return out + "'";
}

}  // namespace

std::string_view to_text(RunVerdict verdict) {
  return verdict_names[static_cast<int>(verdict)];
}

std::optional<RunVerdict> run_verdict_from_text(std::string_view text) {
  for (int i = 0; i < 3; ++i) {
    if (verdict_names[i] == text) return static_cast<RunVerdict>(i);
  }
  return std::nullopt;
}

std::string Selection::in_words() const {
  if (shard.empty()) return text;
  return fmt::format("{}{}--shard {}", text, text.empty() ? "" : " ", shard);
}

ClauseState ClauseJudgement::state() const {
  if (failed()) return ClauseState::failed;
  if (passed()) return ClauseState::passed;
  if (!claimed) return ClauseState::not_claimed;
  if (verdict) return ClauseState::not_assessed;
  if (!clause.unobservable.empty()) return ClauseState::unobservable;
  return in_scope ? ClauseState::no_test : ClauseState::not_selected;
}

const ClauseJudgement* RunJudgement::find(std::string_view id) const {
  const auto found = std::find_if(clauses.begin(), clauses.end(), [&](const auto& c) { return c.clause.id == id; });
  return found == clauses.end() ? nullptr : &*found;
}

std::vector<std::string> own_clauses(const TestResult& result) {
  if (const TestCase* test = find_test(result.test)) return test->clauses;
  return {result.test.substr(0, result.test.find('/'))};
}

std::map<std::string, Verdict> clause_verdicts(const TestResult& result) {
  std::map<std::string, Verdict> verdicts = result.clauses;
  const bool named =
      std::any_of(verdicts.begin(), verdicts.end(), [&](const auto& c) { return c.second == result.verdict; });
  if (named) return verdicts;
  // A failure that names no clause is one of the clause that names the test: it must not get lost.
  const auto own = own_clauses(result);
  if (verdicts.empty() && result.verdict != Verdict::fail) {
    for (const std::string& id : own) verdicts[id] = result.verdict;
  } else if (result.verdict >= Verdict::inconclusive || result.verdict == Verdict::known_deviation) {
    verdicts[own.front()] = result.verdict;
  }
  return verdicts;
}

int exit_status(const RunReport& report, const RunJudgement& judgement) {
  if (!report.with_expectations) return static_cast<int>(judgement.verdict);
  const auto count = [&](Verdict v) { return judgement.counts.at(v); };
  if (count(Verdict::fail) + count(Verdict::unexpected_pass) > 0) return 1;
  const bool assessed = count(Verdict::pass) + count(Verdict::known_deviation) > 0;
  const bool silent = count(Verdict::inconclusive) + count(Verdict::error) > 0 || report.interrupted || !assessed;
  return silent ? 2 : 0;
}

std::string replay_command(const RunReport& report, const TestResult& result) {
  const auto files = report.reproducers.find(result.test);
  const std::string trace = files != report.reproducers.end() && !files->second.trace_file.empty()
                                ? files->second.trace_file
                                : result.trace_file;
  const std::string target = report.target.option.empty() ? report.target.name : report.target.option;
  if (!trace.empty()) return fmt::format("assay replay {} --target {}", shell_quoted(trace), shell_quoted(target));
  return fmt::format("assay run --target {} --contract {} --profile {} --filter {} --seed {}", shell_quoted(target),
                     shell_quoted(report.contract), shell_quoted(report.suite.profile), shell_quoted(result.test),
                     report.suite.seed);
}

double seconds_of(const RunReport& report) {
  return std::chrono::duration<double>(report.finished - report.started).count();
}

}  // namespace assay::conformance
