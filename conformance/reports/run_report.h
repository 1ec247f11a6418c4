#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/registry/verdict.h"
#include "conformance/reports/clause_info.h"
#include "conformance/reports/coverage.h"

namespace assay::conformance {

// What a run says of its target (docs/user-guide.md, "Verdict of a run").
enum class RunVerdict { conforms, violates, not_shown };

// "conforms", "violates", "not shown": the words of the reports.
std::string_view to_text(RunVerdict verdict);
std::optional<RunVerdict> run_verdict_from_text(std::string_view text);

// What of the suite a run was asked for.
struct Selection {
  std::string text;  // for people, without the shard: "--area realpath --filter 'RP-TTL-*'"; empty: everything
  std::set<std::string> areas;      // empty: all
  bool narrowed = false;            // by filter, clause, sweep or rerun
  std::set<std::string> clauses{};  // of the tests that were selected, whether or not they ran
  std::string shard{};              // "2/4": the second of four parts of what the rest selects; empty: all of it

  // Then only `clauses` are in the scope of the verdict.
  bool is_partial() const { return narrowed || !shard.empty(); }
  // Whether anything was left out that the contract has.
  bool is_selection() const { return is_partial() || !areas.empty(); }
  // As on the command line, with the shard.
  std::string in_words() const;
};

// A failure's files. An empty `phpt_file` has its reason in `no_phpt`.
struct Reproducer {
  std::string trace_file;
  std::string phpt_file;
  std::string no_phpt;
};

// Everything that one run measured: the one source of all reports. Plain data; the runner fills it, nothing here
// changes it but apply_expectations (expectations.h).
struct RunReport {
  struct Suite {
    std::string version;
    std::string profile;  // "quick", "standard", "thorough"
    std::uint64_t seed = 0;
    std::string commit = "unknown";  // that it was built from
  } suite;
  struct TargetInfo {
    std::string name;
    std::string version;
    std::set<std::string> features;
    std::map<std::string, std::string> choices;
    std::string option;  // as --target names it, with its options: "php-fpm:php=/usr/sbin/php-fpm8.2"
    std::string php;     // the version of its PHP, "8.4.27"; empty: it is none
  } target;
  std::string contract = "portable";
  Selection selection;
  std::vector<TestResult> results;                // in the order in which they are shown
  std::map<std::string, Reproducer> reproducers;  // by test
  std::chrono::system_clock::time_point started, finished;
  bool interrupted = false;        // some selected tests have no result
  bool with_expectations = false;  // --expectations: the exit status is about change
  bool strict = false;             // --strict: should clauses decide as well
};

// What the tests say about one clause.
struct ClauseJudgement {
  ClauseInfo clause;
  bool known = true;      // in the catalogue; an id that is not counts as a must clause
  bool claimed = false;   // the target claims its feature
  bool in_scope = false;  // of the verdict: claimed, observable, selected
  // The worst verdict over its tests, where a skipped test counts only if all were skipped (what it needs is not
  // claimed, and so out of scope). A test that ended at another clause, which it broke, says nothing: inconclusive
  // where no other test says more. nullopt: no test looked at it.
  std::optional<Verdict> verdict;
  std::vector<std::size_t> results;  // positions in RunReport::results: its own tests, and others that judged it

  bool must() const { return clause.strength == "must"; }
  bool failed() const { return verdict == Verdict::fail || verdict == Verdict::known_deviation; }
  bool passed() const { return verdict == Verdict::pass || verdict == Verdict::unexpected_pass; }
  bool assessed() const { return failed() || passed(); }
  ClauseState state() const;
};

// Sums over the clauses of one area, all strengths.
struct AreaSummary {
  std::string area;
  bool claimed = false;  // at least one of its clauses can be asked of the target
  int passed = 0;
  int failed = 0;
  int not_assessed = 0;  // claimed, with a test, but skipped, inconclusive or broken
  int untested = 0;      // claimed and observable, no test in this run
  int not_claimed = 0;   // of those that are observable
};

// The judgement of a run. INVARIANTS: `clauses` has each clause of the catalogue once, in its order, then unknown ids;
// the lists below hold ids from it.
struct RunJudgement {
  RunVerdict verdict = RunVerdict::not_shown;
  std::string why;  // one sentence, without a full stop
  std::vector<ClauseJudgement> clauses;
  std::vector<AreaSummary> areas;                                                     // in the order of the catalogue
  std::vector<std::string> passed_must, failed_must, unassessed_must, untested_must;  // the last two: in scope
  std::vector<std::string> failed_should;    // counted and shown; they decide where the run is strict
  std::map<std::string, Coverage> coverage;  // by strength: "must", "should", "may"; each is there
  std::vector<std::string>
      unexpected;                 // tests: fail, unexpected pass, error, and inconclusive, unless listed beforehand
  std::map<Verdict, int> counts;  // tests by verdict; each verdict is there
  Evidence evidence;

  const ClauseJudgement* find(std::string_view id) const;
};

// Judges the target in the scope of the run: contract x claimed features x selection.
//
//   violates   a must clause failed, whether listed beforehand or not, in scope or not; in a strict run also where a
//              should clause failed
//   not shown  otherwise, if a must clause in scope was not assessed (all its tests skipped, one inconclusive or
//              broken, or no test at all), the run was interrupted, a test broke, or no test passed or no must clause
//              was assessed: nothing is green by vacuity, nor by what the monitors saw in tests that failed
//   conforms   otherwise
//
// A clause without a test is in scope unless the selection is narrowed; `untested_decides` = false lists it only.
RunJudgement judge_run(const RunReport& report, const std::vector<ClauseInfo>& catalogue, bool untested_decides = true);

// The clause verdicts of one result, with its test's own clauses where the result names none (a broken or skipped
// test).
std::map<std::string, Verdict> clause_verdicts(const TestResult& result);

// The clauses that a result's test is about, by the registry, or by the name of a test that is not there any more.
std::vector<std::string> own_clauses(const TestResult& result);

// 0 conforms, 1 violates, 2 not shown. With expectations: 0 nothing but what is listed, 1 a change (an unlisted fail,
// an unexpected pass), 2 something unlisted without a statement (inconclusive, error, interrupted, nothing assessed).
int exit_status(const RunReport& report, const RunJudgement& judgement);

// One line for a shell: how to see a result again.
std::string replay_command(const RunReport& report, const TestResult& result);
double seconds_of(const RunReport& report);

}  // namespace assay::conformance
