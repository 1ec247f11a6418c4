#pragma once

#include <span>
#include <string>

#include "conformance/adapter/target.h"
#include "conformance/models/judgement.h"
#include "conformance/vocabulary/observation.h"
#include "conformance/vocabulary/trace.h"

namespace assay::conformance {

// The freedom that a target declares for reservations (static-cache.md, C.5).
struct ReservationRules {
  bool exact = false;  // locks = exact: another key's reservation never refuses (ST-LCK-09)
};
ReservationRules reservation_rules(const Description& description);

// Why no model of the data cache can follow a trace: a backend of size 0 refuses everything (ST-CFG-03). Empty: it can.
std::string reason_to_judge_no_cache(const Trace& trace);

// Judges lock and unlock of a run step by step: the first reply that no state allows (static-cache.md 9). A key is
// free, or reserved by a request: while that runs, and afterwards until its lease is over. Runs with overlapping
// requests or faults are not judged. A lease that was over once may be gone, also when the clock goes back.
Judgement judge_reservations(const Trace& trace, std::span<const Observation> observations, ReservationRules rules);

}  // namespace assay::conformance
