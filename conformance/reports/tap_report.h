#pragma once

#include <string>

#include "conformance/reports/run_report.h"

namespace assay::conformance {

// TAP 14, which readers of TAP 13 understand too: one line a test, with a YAML block for whatever is not a plain pass
// (verdict, clauses with their level, reason, replay command).
//
//   pass                   ok
//   fail, error, unexpected pass   not ok
//   known deviation        not ok ... # TODO
//   skip, inconclusive     ok ... # SKIP
//
// A run that was interrupted ends with "Bail out!".
std::string tap_report(const RunReport& report, const RunJudgement& judgement);

}  // namespace assay::conformance
