#pragma once

#include <chrono>
#include <cstdint>

#include "conformance/vocabulary/action.h"
#include "conformance/vocabulary/operation.h"
#include "conformance/vocabulary/reply.h"

namespace assay::conformance {

// One operation of a run together with what came back: what monitors, models and checkers judge. Plain data.
//
// A run reports the operations of a request in their order, all of them (also those that were not run), when it has
// collected the request: a request in the background is reported at its `await` (or at the end of the run), under the
// number of the step that started it. The operations of one request share its stamps.
struct Observation {
  std::size_t step = 0;      // of the trace, from 0
  std::size_t exchange = 0;  // in the request, from 0
  int worker = 0;
  Operation operation;
  Reply reply;
  Outcome::Kind outcome = Outcome::Kind::completed;    // of the whole request
  bool may_die = false;                                // the trace says so of the request: Request::ends
  std::chrono::steady_clock::time_point began, ended;  // stamps of the whole request, real time
  std::int64_t began_at = 0;                           // virtual time when the request was sent ...
  std::int64_t ended_at = 0;                           // ... and when it was collected (equal in the foreground)
};

// One action of a run, reported when it has been carried out.
struct ActionTaken {
  std::size_t step = 0;
  const Action* action = nullptr;  // of the trace, which outlives the run; never null
  std::chrono::steady_clock::time_point began, ended;
  std::int64_t now = 0;  // virtual time after it
};

}  // namespace assay::conformance
