#pragma once

#include <filesystem>
#include <vector>

#include "conformance/reports/phpt_report.h"
#include "conformance/reports/run_report.h"

namespace assay::conformance {

// Writes, for each result that fails or broke and has a trace, FOLDER/TEST.jsonl (the trace) and, where one PHP process
// can show the failure, FOLDER/TEST.phpt; fills `report.reproducers` and the results' trace_file with the paths. The
// folder is made only if there is something to write. Files of the same names are replaced. Errors: one for each file
// that could not be written; the rest is written all the same.
std::vector<Error> write_reproducers(RunReport& report, const std::filesystem::path& folder,
                                     PhptStaticCache static_cache = PhptStaticCache::opcache);

}  // namespace assay::conformance
