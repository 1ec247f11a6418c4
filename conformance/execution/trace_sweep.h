#pragma once

#include "conformance/execution/executor.h"

namespace assay::conformance {

// What a sweep over any trace may do.
struct TraceSweepOptions {
  std::uint64_t most_occasions = 60;  // of one point; beyond it the sweep says "sampled"
};

// Runs one trace again and again with each point failing, or killing the worker, at each of its visits (once, and for
// refusals also from then on), and at the end once undisturbed.
//
// Replies may change under a fault, so the trace's matchers judge the last run only; the others are judged by the
// monitors of the guarantees, and by this: no request hangs, and no worker dies that was not killed (GU-LIV-05).
// Visits are counted twice before; if both counts agree and all were tried the result says "exhaustive", else
// "sampled". A trace that arms faults itself, or comes to no point, is a skip. The result's reason says how many
// opportunities there were, and how many faults fired.
TestResult sweep_trace(Target& target, const std::filesystem::path& folder, const Trace& trace,
                       const TraceSweepOptions& options = {});

}  // namespace assay::conformance
