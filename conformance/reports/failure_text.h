#pragma once

#include <string>

#include "conformance/reports/run_report.h"

namespace assay::conformance {

// A failure as plain text for reports that hold one block of it: clause and statement, reason, trace with expected and
// actual, the replay command, the reproducer. Cleaned (clean_text.h).
std::string failure_text(const RunReport& report, const RunJudgement& judgement, const TestResult& result);

}  // namespace assay::conformance
