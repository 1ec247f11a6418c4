#pragma once

#include <string>

#include "conformance/reports/run_report.h"
#include "conformance/vocabulary/error.h"

namespace assay::conformance {

// Writes what replays each failure on its own into `folder` (made when needed): the trace, and a .phpt where the trace
// can be one. Fills in the file names in the report. An empty folder name: nothing.
Expected<void> write_reproducers(RunReport& report, const std::string& folder);

// A file name for a test: its name with what is awkward in a file system replaced.
std::string file_name_of(const std::string& test);

}  // namespace assay::conformance
