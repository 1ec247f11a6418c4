#include "conformance/reports/run_report.h"

#include <fmt/format.h>

#include <algorithm>

#include "conformance/catalogue/claims.h"
#include "conformance/registry/test_case.h"

namespace assay::conformance {
namespace {

constexpr std::string_view verdict_names[] = {"conforms", "violates", "not shown"};

Verdict worse(std::optional<Verdict> so_far, Verdict next) {
  if (!so_far || *so_far == Verdict::skip) return next;
  if (next == Verdict::skip) return *so_far;
  return std::max(*so_far, next);
}

std::string plural(std::size_t n, const std::string& noun) {
  return fmt::format("{} {}{}", n, noun, n == 1 ? "" : "s");
}

std::string some_of(const std::vector<std::string>& ids) {
  constexpr std::size_t named = 3;
  std::string out;
  for (std::size_t i = 0; i < std::min(ids.size(), named); ++i) out += (i ? ", " : "") + ids[i];
  return ids.size() > named ? out + fmt::format(" and {} more", ids.size() - named) : out;
}

class Judging {
 public:
  Judging(const RunReport& report, const std::vector<ClauseInfo>& catalogue, bool untested_decides)
      : report_(report), untested_decides_(untested_decides) {
    for (const ClauseInfo& clause : catalogue) add(clause, true);
  }

  RunJudgement judge() {
    count_tests();
    for (ClauseJudgement& entry : judgement_.clauses) {
      entry.in_scope = in_scope(entry);
      file(entry);
      summarise(entry);
    }
    decide();
    return std::move(judgement_);
  }

 private:
  void add(ClauseInfo clause, bool known) {
    ClauseJudgement entry;
    entry.clause = std::move(clause);
    entry.known = known;
    entry.claimed = claims(report_.target.features, entry.clause.feature);
    positions_[entry.clause.id] = judgement_.clauses.size();
    judgement_.clauses.push_back(std::move(entry));
  }

  ClauseJudgement& clause(const std::string& id) {
    if (positions_.count(id) == 0) {
      ClauseInfo unknown;
      unknown.id = id;
      unknown.title = "not in the catalogue";
      unknown.strength = "must";
      unknown.area = area_of(id);
      add(std::move(unknown), false);
    }
    return judgement_.clauses[positions_[id]];
  }

  void count_tests() {
    for (int v = 0; v <= static_cast<int>(Verdict::error); ++v) judgement_.counts[static_cast<Verdict>(v)] = 0;
    for (std::size_t i = 0; i < report_.results.size(); ++i) {
      const TestResult& result = report_.results[i];
      ++judgement_.counts[result.verdict];
      judgement_.evidence += result.evidence;
      if (result.verdict >= Verdict::inconclusive) judgement_.unexpected.push_back(result.test);
      for (const auto& [id, verdict] : clause_verdicts(result)) {
        ClauseJudgement& entry = clause(id);
        entry.verdict = worse(entry.verdict, verdict);
        entry.results.push_back(i);
      }
    }
  }

  bool in_scope(const ClauseJudgement& entry) const {
    if (!entry.claimed) return false;
    const Selection& selection = report_.selection;
    if (selection.clauses.count(entry.clause.id) > 0) return true;
    if (entry.verdict && entry.verdict != Verdict::skip) return true;
    if (selection.narrowed || !entry.clause.unobservable.empty()) return false;
    return selection.areas.empty() || selection.areas.count(entry.clause.area) > 0;
  }

  // Puts the clause into the lists of the judgement.
  void file(const ClauseJudgement& entry) {
    const std::string& id = entry.clause.id;
    if (entry.failed()) (entry.must() ? judgement_.failed_must : judgement_.failed_other).push_back(id);
    if (entry.passed()) (entry.must() ? judgement_.passed_must : judgement_.passed_other).push_back(id);
    if (!entry.must() || !entry.in_scope || entry.assessed()) return;
    (entry.verdict ? judgement_.unassessed_must : judgement_.untested_must).push_back(id);
  }

  void summarise(const ClauseJudgement& entry) {
    auto area = std::find_if(judgement_.areas.begin(), judgement_.areas.end(),
                             [&](const AreaSummary& a) { return a.area == entry.clause.area; });
    if (area == judgement_.areas.end()) {
      judgement_.areas.push_back({});
      area = judgement_.areas.end() - 1;
      area->area = entry.clause.area;
    }
    area->claimed |= entry.claimed;
    if (entry.failed())
      ++area->failed;
    else if (entry.passed())
      ++area->passed;
    else if (!entry.claimed)
      area->not_claimed += entry.clause.unobservable.empty();
    else if (entry.verdict)
      ++area->not_assessed;
    else if (entry.in_scope)
      ++area->untested;
  }

  void decide() {
    RunJudgement& j = judgement_;
    const auto must = [](std::size_t n) { return plural(n, "must clause"); };
    const bool vacuous = j.failed_must.empty() && j.passed_must.empty();
    if (!j.failed_must.empty()) {
      j.verdict = RunVerdict::violates;
      j.why = fmt::format("{} failed{}: {}", must(j.failed_must.size()), listed_among(j.failed_must),
                          some_of(j.failed_must));
    } else if (report_.interrupted) {
      j.why = fmt::format("the run was interrupted; {} passed until then", must(j.passed_must.size()));
    } else if (vacuous) {
      j.why = "no must clause was assessed";
    } else if (!j.unassessed_must.empty()) {
      j.why = fmt::format("{} in scope could not be assessed: {}", must(j.unassessed_must.size()),
                          some_of(j.unassessed_must));
    } else if (!j.untested_must.empty() && untested_decides_) {
      j.why = fmt::format("{} in scope had no test in this run: {}", must(j.untested_must.size()),
                          some_of(j.untested_must));
    } else {
      j.verdict = RunVerdict::conforms;
      j.why = j.untested_must.empty() ? fmt::format("all {} in scope hold", must(j.passed_must.size()))
                                      : fmt::format("{} hold, none failed; {} more have no test in this run",
                                                    must(j.passed_must.size()), j.untested_must.size());
    }
  }

  // Known deviations count like any other failure, but a reader wants to know that they are not news.
  std::string listed_among(const std::vector<std::string>& ids) const {
    const auto listed = std::count_if(ids.begin(), ids.end(), [&](const std::string& id) {
      return judgement_.clauses[positions_.at(id)].verdict == Verdict::known_deviation;
    });
    return listed == 0 ? "" : fmt::format(" ({} listed beforehand)", listed);
  }

  const RunReport& report_;
  const bool untested_decides_;
  RunJudgement judgement_;
  std::map<std::string, std::size_t> positions_;
};

std::vector<std::string> own_clauses(const TestResult& result) {
  if (const TestCase* test = find_test(result.test)) return test->clauses;
  return {result.test.substr(0, result.test.find('/'))};
}

std::string shell_quoted(const std::string& text) {
  const bool plain = !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalnum(c) || std::string_view("-_./:=,@+%").find(static_cast<char>(c)) != std::string_view::npos;
  });
  if (plain) return text;
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
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

const ClauseJudgement* RunJudgement::find(std::string_view id) const {
  const auto found = std::find_if(clauses.begin(), clauses.end(), [&](const auto& c) { return c.clause.id == id; });
  return found == clauses.end() ? nullptr : &*found;
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

RunJudgement judge_run(const RunReport& report, const std::vector<ClauseInfo>& catalogue, bool untested_decides) {
  return Judging(report, catalogue, untested_decides).judge();
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
                     shell_quoted(report.contract), report.suite.profile, shell_quoted(result.test), report.suite.seed);
}

double seconds_of(const RunReport& report) {
  return std::chrono::duration<double>(report.finished - report.started).count();
}

}  // namespace assay::conformance
