#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "support/error.h"

namespace assay::conformance {

// How deep what comes from outside may be nested: whatever walks it or copies it may then be recursive.
inline constexpr int kMostLevels = 1024;

// Whether arrays and objects stand inside each other in more levels. Looks at brackets alone: the text need be no JSON.
bool is_nested_deeper(std::string_view text, int levels = kMostLevels);

// What a target says: discarded where it is no JSON, or nested deeper than kMostLevels.
nlohmann::ordered_json json_from_target(std::string_view text);

// What people edit, a file or a line of one. An error where it is no JSON, is nested deeper than kMostLevels, or gives a field
// twice, of which one would be lost.
Expected<nlohmann::ordered_json> json_from_file(std::string_view text);

}  // namespace assay::conformance
