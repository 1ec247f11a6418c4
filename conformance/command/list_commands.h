#pragma once

#include <string>

#include "conformance/command/selection.h"

namespace assay::conformance {

// `assay list`: tests with the clauses and features that each needs.
int list_tests(const SelectionOptions& options, bool json);

// `assay targets [NAME[:OPTION=VALUE,...]]`: the adapters, or that one, and for each whether it can start here, with what was found,
// or what is missing. 0, or for a named one what `assay run` would end with: 64, 69.
int list_targets(const std::string& named);

// `assay explain CLAUSE|TEST|POINT`.
int explain(const std::string& what);

}  // namespace assay::conformance
