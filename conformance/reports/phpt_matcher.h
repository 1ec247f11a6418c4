#pragma once

#include <string>

#include "conformance/vocabulary/matcher.h"
#include "support/error.h"

namespace assay::conformance {

// A PHP expression that is true where the reply in the variable `reply` ("$r") matches. It uses the functions of
// phpt_harness.h and the earlier replies by label in $replies. An error names what has no PHP form.
Expected<std::string> php_condition(const Matcher& matcher, const std::string& reply);

}  // namespace assay::conformance
