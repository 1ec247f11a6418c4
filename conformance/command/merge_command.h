#pragma once

#include <string>
#include <vector>

#include "conformance/command/conclude.h"

namespace assay::conformance {

// `assay merge`: the JSON reports of the shards of one run become one report, judged as a whole. Returns the exit status
// that the whole run would have had.
int merge(const std::vector<std::string>& files, const ConclusionOptions& options);

}  // namespace assay::conformance
