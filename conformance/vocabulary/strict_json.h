#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "support/error.h"

namespace assay::conformance {

// How deep what comes from outside may be nested: whatever walks it or copies it may then be recursive.
inline constexpr int kMostLevels = 1024;

// Whether arrays and objects stand inside each other in more levels. Looks at brackets alone: the text need be no JSON.
bool is_nested_deeper(std::string_view text, int levels = kMostLevels);

// Reads one JSON value of a file that people edit. An error where the text is none, is nested deeper than kMostLevels, or gives a
// field twice, of which one would be lost.
Expected<nlohmann::json> strict_json(std::string_view text);

}  // namespace assay::conformance
