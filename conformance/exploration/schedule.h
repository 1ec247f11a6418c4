#pragma once

#include <optional>
#include <string>
#include <vector>

#include "conformance/exploration/point_visit.h"

namespace assay::conformance {

// One interleaving of the steps of two workers, A and B. The one that begins runs until it is paused (or to its end),
// then the other one does, then the first runs to its end, then the other. A worker that meets a lock which the other
// holds hands over too: that is no preemption.
struct Schedule {
  bool b_begins = false;
  std::optional<PointVisit> first;   // where the worker that begins is paused
  std::optional<PointVisit> second;  // where the other one is; only where `first` is given
};

// "A1 B1 A2 B2 (A at hit/found 1, B at store/copy 1)": the parts in their order, and where the workers are paused.
std::string to_text(const Schedule& schedule);

// Each visit of each point.
std::vector<PointVisit> each_of(const Visits& visits);

// Every schedule with so many preemptions at most (0 to 2), if each worker visits what it visits alone.
std::vector<Schedule> all_schedules(const Visits& a, const Visits& b, int most_preemptions);

}  // namespace assay::conformance
