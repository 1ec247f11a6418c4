#pragma once

#include <string>
#include <vector>

namespace assay::conformance {

struct DemoCommand {
  std::vector<std::string> ways;  // only these; all where empty
  std::string form;               // "process", "plugin"; both where empty
};

// Runs a right store and stores that are wrong in one way each, the examples of the project, and shows which test catches
// each. Exit status: 0 where the right ones conform and each wrong one is caught by the test that is named for it.
int demo(const DemoCommand& command);

}  // namespace assay::conformance
