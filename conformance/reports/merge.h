#pragma once

#include <string>
#include <vector>

#include "conformance/reports/json_report.h"

namespace assay::conformance {

// A report and the file that it came from, which errors name.
struct NamedReport {
  std::string file;
  SavedReport saved;
};

// One report of several parts of a run (`--shard`), to be judged anew. All must be about one target, contract, profile,
// seed, suite and selection; no test may be in two. With every part there it is the report of the whole, else of the
// parts that are there. Parts must not be compared with expectations yet: whether a listed failure fails is known only
// of all of them. Errors name the files and what differs.
// REQUIRES: at least one report.
Expected<RunReport> merge_reports(const std::vector<NamedReport>& parts);

}  // namespace assay::conformance
