#pragma once

#include <string>
#include <vector>

#include "conformance/reports/json_report.h"

namespace assay::conformance {

// What differs between several versions of one implementation, as Markdown: a row for each clause that holds in one report
// and in another fails or is not in force, with when it holds (the catalogue's since and until) and why it fails (the reasons
// of the failures, with the links of those that were listed beforehand). Columns are the reports, by version. What is the
// same everywhere is counted in one sentence; failures that all have in common are listed at the end.
// REQUIRES: at least one report.
std::string version_matrix(const std::vector<SavedReport>& reports);

}  // namespace assay::conformance
