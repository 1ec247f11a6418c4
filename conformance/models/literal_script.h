#pragma once

#include <optional>
#include <string>

#include "conformance/vocabulary/value.h"

namespace assay::conformance {

// The value of a script that is nothing but `<?php\nreturn LITERAL;\n`, as returns() writes it; nullopt for any other
// script, and for literals other than null, booleans, integers and strings.
std::optional<Value> literal_result(const std::string& script);

}  // namespace assay::conformance
