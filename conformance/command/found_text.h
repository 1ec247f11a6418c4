#pragma once

#include <string>
#include <utility>
#include <vector>

namespace assay::conformance {

// What the options of a target of this kind lead to on this machine, for people; empty where its adapter has nothing to say. In a file of
// its own: the adapter's namespace and the scenario's function php() cannot be seen from one place.
std::string found_text(const std::string& kind, const std::vector<std::pair<std::string, std::string>>& options);

}  // namespace assay::conformance
