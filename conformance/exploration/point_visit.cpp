#include "conformance/exploration/point_visit.h"

namespace assay::conformance {

Visits visits_of(const Evidence& evidence, points::Use use) {
  Visits visits;
  for (const auto& [name, seen] : evidence.points) {
    const auto* point = points::find_point(name);
    if (point && point->is(use) && seen.reached > 0) visits[name] = seen.reached;
  }
  return visits;
}

}  // namespace assay::conformance
