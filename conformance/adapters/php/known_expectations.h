#pragma once

#include <string_view>

// In the outer namespace, so that a part which knows scenarios can use it.
namespace assay::conformance {

// The text of conformance/adapters/php/expectations/TARGET.jsonl: how the released versions are known to deviate, each entry
// with the versions that do (reports/expectations.h). Empty for a target of which nothing is known.
std::string_view known_expectations(std::string_view target);

}  // namespace assay::conformance
