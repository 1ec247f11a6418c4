#pragma once

#include <string>

#include "conformance/reports/run_report.h"

namespace assay::conformance {

// JUnit XML, nothing but what the schemas of its readers share (tests/reports/data/junit.xsd): a testsuite for each area
// with properties of the run, a testcase for each test with its clauses and its source as system-out, and the verdict of
// the run as a testcase of its own, so that who only counts failures comes to the exit status too.
//
//   fail, unexpected pass   <failure type=...>; the clauses' text, the trace and the replay command are its text
//   error                   <error>
//   skip, inconclusive, known deviation, a fail that does not decide   <skipped message="...: reason">
std::string junit_report(const RunReport& report, const RunJudgement& judgement);

}  // namespace assay::conformance
