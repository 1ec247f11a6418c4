#pragma once

#include <string>
#include <vector>

#include "conformance/reports/json_report.h"

namespace assay::conformance {

// Several reports side by side: clauses by targets. Rows where the targets differ come first, then the rest by area; a
// clause that no report looked at has no row. Titles are from `catalogue`. Everything from a report is escaped.
// REQUIRES: at least one report.
std::string matrix_markdown(const std::vector<SavedReport>& reports, const std::vector<ClauseInfo>& catalogue);
// One self-contained page, as html_report.
std::string matrix_html(const std::vector<SavedReport>& reports, const std::vector<ClauseInfo>& catalogue);

}  // namespace assay::conformance
