#pragma once

#include <string>
#include <vector>

namespace assay::conformance {

// The whole program: `assay COMMAND OPTIONS`. Returns the exit status. `version` is the suite's.
int run_program(int argc, char** argv, const std::string& version);

}  // namespace assay::conformance
