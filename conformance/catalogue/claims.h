#pragma once

#include <set>
#include <string>

namespace assay::conformance {

// Whether a target with these claims can be asked for a feature: a feature is claimed by its own name or by one below
// it (static_cache by static_cache.volatile); the empty one always.
bool claims(const std::set<std::string>& features, const std::string& feature);

}  // namespace assay::conformance
