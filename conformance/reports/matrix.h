#pragma once

#include <string>
#include <vector>

#include "conformance/reports/json_report.h"

namespace assay::conformance {

// Several reports side by side: clauses by targets, with the strength that `catalogue` gives each. Rows where it holds for
// one target and fails for another come first (skips are no difference), then the rest by area; a clause that no report
// looked at has no row. Titles and texts are from `catalogue`. Everything from a report is escaped.
// REQUIRES: at least one report.
std::string matrix_markdown(const std::vector<SavedReport>& reports, const std::vector<ClauseInfo>& catalogue);
// One self-contained page, as html_report, with its filters.
std::string matrix_html(const std::vector<SavedReport>& reports, const std::vector<ClauseInfo>& catalogue);

}  // namespace assay::conformance
