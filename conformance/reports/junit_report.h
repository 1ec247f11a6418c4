#pragma once

#include <string>

#include "conformance/reports/run_report.h"

namespace assay::conformance {

// JUnit XML in the dialect that Jenkins and GitLab read: a testsuite for each area, a testcase for each test with its
// source file and line, properties for clause, level, seed and adapter.
//
//   fail, unexpected pass   <failure type=...>; the clause's text, the trace and the replay command are its text
//   error                   <error>
//   skip, inconclusive, known deviation   <skipped message="verdict: reason">
std::string junit_report(const RunReport& report, const RunJudgement& judgement);

}  // namespace assay::conformance
