#pragma once

#include <string>
#include <vector>

namespace assay::conformance {

// The options of `assay deployments`.
struct DeploymentsCommand {
  std::string target = "reference";
  std::vector<std::string> only;  // names of strategies; empty: all
  std::string json, html;         // files; empty: none
};

// Tries each strategy on the target and prints the table; returns the exit status.
int compare_deployments(const DeploymentsCommand& command);

}  // namespace assay::conformance
