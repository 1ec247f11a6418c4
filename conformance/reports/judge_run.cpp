// What the tests of a run say about the clauses, and about the target.
#include <fmt/format.h>

#include <algorithm>

#include "conformance/catalogue/claims.h"
#include "conformance/registry/test_case.h"
#include "conformance/reports/run_report.h"

namespace assay::conformance {
namespace {

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
    for (const char* strength : {"must", "should", "may"}) judgement_.coverage[strength];
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
      const auto verdicts = clause_verdicts(result);
      for (const auto& [id, verdict] : verdicts) {
        ClauseJudgement& entry = clause(id);
        entry.verdict = worse(entry.verdict, verdict);
        entry.results.push_back(i);
      }
      for (const std::string& id : own_clauses(result)) {
        if (!verdicts.contains(id)) clause(id).results.push_back(i);
      }
    }
    for (ClauseJudgement& entry : judgement_.clauses) {
      if (!entry.verdict && !entry.results.empty()) entry.verdict = Verdict::inconclusive;
    }
  }

  bool in_scope(const ClauseJudgement& entry) const {
    if (!entry.claimed) return false;
    const Selection& selection = report_.selection;
    if (selection.clauses.count(entry.clause.id) > 0) return true;
    if (entry.verdict && entry.verdict != Verdict::skip) return true;
    if (selection.is_partial() || !entry.clause.unobservable.empty()) return false;
    return selection.areas.empty() || selection.areas.count(entry.clause.area) > 0;
  }

  // Puts the clause into the lists of the judgement.
  void file(const ClauseJudgement& entry) {
    const std::string& id = entry.clause.id;
    judgement_.coverage[entry.clause.strength].add(entry.state());
    if (entry.failed() && entry.clause.strength == "should") judgement_.failed_should.push_back(id);
    if (entry.failed() && entry.must()) judgement_.failed_must.push_back(id);
    if (entry.passed() && entry.must()) judgement_.passed_must.push_back(id);
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
    if (const std::string broken = broken_clauses(); !broken.empty()) {
      j.verdict = RunVerdict::violates;
      j.why = broken;
    } else if (const std::string missing = missing_statement(); !missing.empty()) {
      j.why = missing;
    } else {
      j.verdict = RunVerdict::conforms;
      j.why = j.untested_must.empty() ? "nothing failed that decides"
                                      : fmt::format("nothing failed that decides; {} without a test: {}",
                                                    must(j.untested_must.size()), some_of(j.untested_must));
    }
  }

  static std::string must(std::size_t n) { return plural(n, "must clause"); }

  // The failures that decide; empty: none.
  std::string broken_clauses() const {
    const RunJudgement& j = judgement_;
    std::string out;
    if (!j.failed_must.empty()) {
      out = fmt::format("{} failed{}: {}", must(j.failed_must.size()), listed_among(j.failed_must),
                        some_of(j.failed_must));
    }
    if (report_.strict && !j.failed_should.empty()) {
      out += fmt::format("{}{} failed{}, which decide under --strict: {}", out.empty() ? "" : "; ",
                         plural(j.failed_should.size(), "should clause"), listed_among(j.failed_should),
                         some_of(j.failed_should));
    }
    return out;
  }

  // Why nothing can be said although nothing failed; empty: something can.
  std::string missing_statement() const {
    const RunJudgement& j = judgement_;
    const auto count = [&](Verdict v) { return j.counts.at(v); };
    if (report_.interrupted)
      return fmt::format("the run was interrupted; {} passed until then", must(j.passed_must.size()));
    if (report_.results.empty()) return "no test was run";
    if (count(Verdict::pass) + count(Verdict::unexpected_pass) == 0) return "no test passed";
    if (j.passed_must.empty()) return "no must clause was assessed";
    if (!j.unassessed_must.empty())
      return fmt::format("{} in scope could not be assessed: {}", must(j.unassessed_must.size()),
                         some_of(j.unassessed_must));
    if (!j.untested_must.empty() && untested_decides_)
      return fmt::format("{} in scope had no test in this run: {}", must(j.untested_must.size()),
                         some_of(j.untested_must));
    if (const int broke = count(Verdict::error); broke > 0)
      return fmt::format("{} broke, by the suite's or the adapter's fault",
                         plural(static_cast<std::size_t>(broke), "test"));
    return "";
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

}  // namespace

RunJudgement judge_run(const RunReport& report, const std::vector<ClauseInfo>& catalogue, bool untested_decides) {
  return Judging(report, catalogue, untested_decides).judge();
}

}  // namespace assay::conformance
