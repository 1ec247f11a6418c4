#pragma once

#include <string>
#include <utility>
#include <vector>

#include "conformance/reports/run_report.h"

namespace assay::conformance {

// What several reports say in the same words.

// The clauses that have the result's own verdict, must clauses first: for a failure those that it broke, its test's own or
// not. Those that are in the judgement.
std::vector<const ClauseJudgement*> clauses_of(const RunJudgement& judgement, const TestResult& result);

// The first of them, which a result is shown under; nullptr where there is none.
const ClauseJudgement* clause_of(const RunJudgement& judgement, const TestResult& result);

// What a result means to who only counts failures, the same in every report, so that they agree with the verdict.
enum class Standing {
  holds,
  skipped,    // skip, inconclusive: no statement
  tolerated,  // a failure that does not decide: listed beforehand, or of no must clause (nor should, in a strict run)
  fails,      // a failure that decides, an unexpected pass
  broke
};
Standing standing_of(const RunReport& report, const RunJudgement& judgement, const TestResult& result);

// A failure that nobody listed and that does not decide all the same.
bool is_tolerated_failure(const RunReport& report, const RunJudgement& judgement, const TestResult& result);

// The reason of a result that is skipped or tolerated, with what it is in front: "inconclusive: ...",
// "known deviation: ...", "fails a should clause, which does not decide: ...".
std::string excuse_of(const RunReport& report, const RunJudgement& judgement, const TestResult& result);

// The results of one verdict, in their order.
std::vector<const TestResult*> results_with(const RunReport& report, Verdict verdict);

// Skips by reason, most frequent first.
std::vector<std::pair<std::string, int>> skips_by_reason(const RunReport& report);

// "210 traces, 12,034 operations, 3 faults fired": what is not zero; "nothing" if all are.
std::string evidence_text(const Evidence& evidence);

// "210 tests, 195 passed, 0 failed, 12 skipped, 1 known deviation": the first four always, the rest if any.
std::string counts_text(const RunJudgement& judgement);

// "conforms", "conforms within the selection": the verdict with its scope.
std::string verdict_text(const RunReport& report, const RunJudgement& judgement);

// "47 of 86 must clauses hold (39 not claimed); should: 250 of 310 hold, 2 failed (58 not claimed)": all that the contract
// has, and why the others were not asked.
std::string coverage_text(const RunJudgement& judgement);

// The last line of a run: "conforms  reference (portable)  COVERAGE; nothing failed that decides".
std::string verdict_line(const RunReport& report, const RunJudgement& judgement);

// The results that took longest, longest first, at most `count`.
std::vector<const TestResult*> slowest(const RunReport& report, std::size_t count);

// 12034 as "12,034".
std::string grouped(std::uint64_t number);

// One character beside each colour, so that nothing is told by colour alone.
const char* symbol_of(Verdict verdict);
const char* symbol_of(RunVerdict verdict);

}  // namespace assay::conformance
