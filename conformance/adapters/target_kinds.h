#pragma once

#include <vector>

#include "conformance/adapter/target.h"

namespace assay::conformance {

// Puts kinds of target in front of those that target_kinds() has. Before it is first asked: what it returned is no longer
// valid.
void add_target_kinds(std::vector<TargetKind> own);

}  // namespace assay::conformance
