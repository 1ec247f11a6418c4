#pragma once

#include <functional>

#include "conformance/adapter/target.h"

namespace assay::fuzz {

// Called around each request that a worker serves, and `before` when the runtime ends: what changes between `before` and
// `after` is the target's doing, the rest the suite's.
struct RequestWatch {
  std::function<void()> before = [] {};
  std::function<void()> after = [] {};
};

// The reference, whose workers are objects of the calling process: they serve a request when execute() is called, so
// that a fuzzing engine sees what they do. Nothing can be killed or held at a point, and a request is never overlapped
// by another; one without end has no limit but the engine's.
std::unique_ptr<conformance::Target> make_in_process_target(RequestWatch watch = {});

// Whether such a target can follow the trace: no more than it claims, nothing in the background, no fault that kills,
// waits or never lets a call through, and memory as a fuzzing engine grants it.
bool can_run_in_process(const conformance::Trace& trace, const conformance::Description& description);

}  // namespace assay::fuzz
