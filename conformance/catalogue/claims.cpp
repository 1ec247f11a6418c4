#include "conformance/catalogue/claims.h"

namespace assay::conformance {

bool claims(const std::set<std::string>& features, const std::string& feature) {
  if (feature.empty() || features.count(feature) > 0) return true;
  const auto next = features.lower_bound(feature + ".");
  return next != features.end() && next->starts_with(feature + ".");
}

}  // namespace assay::conformance
