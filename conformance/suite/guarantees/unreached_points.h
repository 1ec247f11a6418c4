#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace assay::conformance {

// Why no trace on the reference comes to this point; empty for one that some trace has to come to.
std::string_view why_unreached(std::string_view point);

// The points of the catalogue that one of these names or prefixes with '*' means, without those that no trace comes to.
std::vector<std::string> points_meant(const std::vector<std::string>& patterns);

}  // namespace assay::conformance
