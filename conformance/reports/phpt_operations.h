#pragma once

#include <string>

#include "conformance/reports/phpt_report.h"
#include "conformance/vocabulary/action.h"
#include "conformance/vocabulary/operation.h"

namespace assay::conformance {

// The PHP expression that performs an operation, with the functions of phpt_harness.h. An error says why there is none.
Expected<std::string> php_expression(const Operation& operation, PhptStaticCache static_cache);

// The PHP statements that perform a file action in a process of their own, where ROOT is the sandbox. Times are moved
// from the frame of the virtual clock into the present.
Expected<std::string> php_statements(const Action& action);

}  // namespace assay::conformance
