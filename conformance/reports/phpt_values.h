#pragma once

#include <string>

#include "conformance/vocabulary/value.h"
#include "support/error.h"

namespace assay::conformance {

// Values in the PHP code and in the expected output of a .phpt.

// A string as a double-quoted PHP literal in plain ASCII. "@" alone and "@/" stand for the constant ROOT, the test's
// sandbox: "@/a.php" becomes ROOT . "/a.php".
std::string php_text_literal(const std::string& bytes);

// A PHP expression of the value. An error for objects and references, which have no literal form.
Expected<std::string> php_literal(const Value& value);

// What the function text() of the printed test (phpt_harness.h) prints for the value: one line of plain ASCII, one form
// for each value, the sandbox as "@". An error for objects and references.
Expected<std::string> phpt_text(const Value& value);

}  // namespace assay::conformance
