#pragma once

#include <string>

namespace assay::conformance {

// Which suite this is.
struct SuiteIdentity {
  std::string version;
  std::string commit;  // of the checkout that it was built from; "unknown" outside of one
};

// The whole program: `assay COMMAND OPTIONS`. Returns the exit status.
int run_program(int argc, char** argv, const SuiteIdentity& suite);

}  // namespace assay::conformance
