#pragma once

#include <string>

#include "conformance/reports/run_report.h"

namespace assay::conformance {

// SARIF 2.1.0, for code scanning pages: rules are the clauses that the run looked at, results the violations: level
// "error" for must (and for should in a strict run), else "warning" for should, "note" for may. A known deviation is there with a suppression that holds its
// reason. Fingerprints are of test and clause, so that a result keeps its identity from run to run. Locations are the
// clause in the specification (logical: the test).
std::string sarif_report(const RunReport& report, const RunJudgement& judgement);

}  // namespace assay::conformance
