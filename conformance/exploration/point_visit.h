#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "conformance/registry/verdict.h"
#include "faults/points/catalogue.h"

namespace assay::conformance {

// The n-th visit of a worker to a point.
struct PointVisit {
  std::string point;
  std::uint64_t visit = 1;
};

// How often a worker visits each point.
using Visits = std::map<std::string, std::uint64_t>;

// Those to the points that have this use (faults/points/catalogue.def).
Visits visits_of(const Visits& visits, points::Use use);
// The same of a run.
Visits visits_of(const Evidence& evidence, points::Use use);

}  // namespace assay::conformance
