#include "conformance/exploration/point_visit.h"

namespace assay::conformance {

Visits visits_of(const Visits& visits, points::Use use) {
  Visits of_use;
  for (const auto& [name, times] : visits) {
    const auto* point = points::find_point(name);
    if (point && point->is(use) && times > 0) of_use[name] = times;
  }
  return of_use;
}

Visits visits_of(const Evidence& evidence, points::Use use) {
  Visits visits;
  for (const auto& [name, seen] : evidence.points) visits[name] = seen.reached;
  return visits_of(visits, use);
}

}  // namespace assay::conformance
