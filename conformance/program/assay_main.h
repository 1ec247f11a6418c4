#pragma once

#include <vector>

#include "conformance/adapter/target.h"

namespace assay::conformance {

// The whole program, as `assay COMMAND OPTIONS`, with targets of one's own: for projects that link Assay::conformance. Call
// it once, from main(), before anything else is started. Returns the exit status.
int assay_main(int argc, char** argv, std::vector<TargetKind> own = {});

}  // namespace assay::conformance
