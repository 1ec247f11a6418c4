#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "conformance/vocabulary/trace.h"

namespace assay::conformance {

// Makes a failing trace smaller, for slow targets: first it leaves out halves, quarters, ... single steps, then single
// operations, then it moves everything to fewer workers and keys, then it makes values, times and texts simpler, and
// begins again as long as something was gained.
//
// A smaller trace is accepted only where `fails` gives the same clause: a trace that passes, that breaks, or that fails
// for another reason is not the failure that was found. Ends after `runs` calls or `time`; the best so far is the
// result.
struct ShrinkLimits {
  int runs = 400;
  std::chrono::milliseconds time{10'000};
};

struct Shrunk {
  Trace trace;
  int runs = 0;
  bool finished = false;  // nothing smaller fails; false: a limit was reached
};

// The clause for which a trace fails; nullopt where it does not fail (passes, is inconclusive, or breaks the run).
using Fails = std::function<std::optional<std::string>(const Trace&)>;
// Whether a trace can be tried at all: its actions can be carried out, its operations are judged. Asked before `fails`,
// and cheap: it runs nothing.
using Legal = std::function<bool(const Trace&)>;

// REQUIRES: `failing` is legal and fails for `clause`. Both functions are called from this thread only.
Shrunk shrink(const Trace& failing, const std::string& clause, const Fails& fails, const Legal& legal,
              ShrinkLimits limits = {});

// How large a trace is, for the order "smaller": operations and actions first, then what is in them.
std::size_t size_of(const Trace& trace);

}  // namespace assay::conformance
