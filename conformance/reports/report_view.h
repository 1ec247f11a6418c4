#pragma once

#include <string>
#include <utility>
#include <vector>

#include "conformance/reports/run_report.h"

namespace assay::conformance {

// What several reports say in the same words.

// The clause that a result is shown under: of those with the result's verdict the first must clause, else the first.
// nullptr where none of them is in the judgement.
const ClauseJudgement* clause_of(const RunJudgement& judgement, const TestResult& result);

// A failed test that touches no must clause: counted and shown, never decides.
bool is_should_failure(const RunJudgement& judgement, const TestResult& result);

// The results of one verdict, in their order.
std::vector<const TestResult*> results_with(const RunReport& report, Verdict verdict);

// Skips by reason, most frequent first.
std::vector<std::pair<std::string, int>> skips_by_reason(const RunReport& report);

// "210 traces, 12,034 operations, 3 faults fired": what is not zero; "nothing" if all are.
std::string evidence_text(const Evidence& evidence);

// "134 must clauses, 210 tests, 0 failed, 12 skipped, 1 known deviation": failed and skipped always, the rest if any.
std::string counts_text(const RunJudgement& judgement);

// The verdict line: "conforms  reference (portable)  134 must clauses, ... in 4.3 s: all 134 must clauses in scope
// hold".
std::string verdict_line(const RunReport& report, const RunJudgement& judgement);

// 12034 as "12,034".
std::string grouped(std::uint64_t number);

// One character beside each colour, so that nothing is told by colour alone.
const char* symbol_of(Verdict verdict);
const char* symbol_of(RunVerdict verdict);

}  // namespace assay::conformance
