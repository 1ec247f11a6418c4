#pragma once

#include <string>

#include "conformance/reports/run_report.h"

namespace assay::conformance {

// TAP 13, as prove and other readers take it: one line a test, with a YAML block for whatever is not a plain pass
// (verdict, clauses with their level, reason, replay command), and the verdict of the run as the last test, so that who
// only counts tests that are not ok comes to the exit status too.
//
//   pass                           ok
//   fail, error, unexpected pass   not ok
//   known deviation, a fail that does not decide   not ok ... # TODO
//   skip, inconclusive             ok ... # SKIP
//
// A run that was interrupted ends with "Bail out!".
std::string tap_report(const RunReport& report, const RunJudgement& judgement);

}  // namespace assay::conformance
