#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "conformance/adapter/target.h"

namespace assay::conformance {

// A trace of the chosen set, and the points at which its sweep has to try a fault: names, or prefixes with '*'.
struct SweptTrace {
  std::string slug;   // of its test: GU-LIV-05/swept-SLUG
  std::string title;  // "a restart"
  std::function<Trace(const Description&)> trace;
  std::vector<std::string> points;
};

// The traces whose sweeps together try a fault at each point that a worker of the reference can come to.
std::span<const SweptTrace> swept_set();

// The points that no trace of the set is there for.
std::vector<std::string> unswept_points(std::span<const SweptTrace> set);

}  // namespace assay::conformance
