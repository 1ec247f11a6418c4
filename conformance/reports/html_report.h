#pragma once

#include <string>

#include "conformance/reports/run_report.h"

namespace assay::conformance {

// One self-contained HTML page for people: the verdict and why, what stands behind it, clauses by area, failures with
// their traces, whatever made no statement, skips by reason, known deviations. No external resources; light and dark;
// prints; readable without its script. Whatever a target answered is text in it, never markup (clean_text.h).
std::string html_report(const RunReport& report, const RunJudgement& judgement);

}  // namespace assay::conformance
