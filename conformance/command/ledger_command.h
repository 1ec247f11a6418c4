#pragma once

#include <string>
#include <vector>

namespace assay::conformance {

// `assay ledger`: every clause with its strength, tests, mutants and last verdicts, or why it cannot be observed;
// untested clauses first. `reports` are earlier JSON reports whose verdicts are shown by target.
int ledger(const std::vector<std::string>& areas, const std::string& contract, const std::vector<std::string>& reports,
           bool json);

// `assay matrix`: several reports side by side, as Markdown on standard output or HTML into a file; or only what differs
// between versions of one implementation, as Markdown.
int matrix(const std::vector<std::string>& reports, const std::string& html_file, bool versions);

}  // namespace assay::conformance
