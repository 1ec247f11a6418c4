#pragma once

#include <string>

#include "conformance/command/selection.h"

namespace assay::conformance {

// `assay list`: tests with the clauses and features that each needs.
int list_tests(const SelectionOptions& options, bool json);

// `assay targets`: the adapters, and for each whether it can start here, or what is missing.
int list_targets();

// `assay explain CLAUSE|TEST|POINT`.
int explain(const std::string& what);

}  // namespace assay::conformance
