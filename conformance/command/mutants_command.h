#pragma once

#include <string>
#include <vector>

namespace assay::conformance {

// The options of `assay mutants`.
struct MutantsCommand {
  bool list = false;
  bool run = false;
  std::vector<std::string> areas;
  std::vector<std::string> filters;  // globs on the names of mutants; none: all
  std::vector<std::string> tests;    // globs on the names of the tests that may catch them; none: the whole suite
  std::string source = ".";          // a checkout of the project, to build the mutants from
  std::string survivors = "assay-survivors";  // folder for the programs of those that nothing caught
};

// Lists the mutants, or builds each and runs the suite on it until the first test catches it. Exit status 0 where all
// are caught, 1 where one survives, 70 where one cannot be built.
int run_mutants(const MutantsCommand& command);

}  // namespace assay::conformance
