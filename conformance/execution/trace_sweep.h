#pragma once

#include "conformance/execution/executor.h"

namespace assay::conformance {

// What a sweep over any trace may do.
struct TraceSweepOptions {
  std::chrono::seconds most_time{600};  // no further run begins after it, and the sweep is then inconclusive
};

// Runs one trace again and again with each point failing, or killing the worker, at each of its visits (once, and for
// refusals also from then on), and at the end once undisturbed.
//
// Replies may change under a fault, so the trace's matchers judge the last run only; the others are judged by the
// monitors of the guarantees, and by this: no request hangs, and no worker dies that was not killed (GU-LIV-05).
// Visits are counted twice before. A pass means that both counts agree and that every opportunity was tried; else the
// result is inconclusive and says how many were, which are then spread over the visits of each point. The reason says
// how many opportunities there were, and how many faults fired. A trace that comes to no point is a skip; so is one
// that arms faults itself, unless it marks by an action that counts ("*", "count") where the sweep's are to come.
TestResult sweep_trace(Target& target, const std::filesystem::path& folder, const Trace& trace,
                       const TraceSweepOptions& options = {});

}  // namespace assay::conformance
