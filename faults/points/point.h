#pragma once

// A point is a named place where the world can interfere:
//
//   if (const int error = points::point("lock/write/acquire")) return fail(error);
//
// point() returns 0, or the errno that the operation at this place shall fail with. It may also never return (kill),
// return late (pause, delay) or only count, as the armed plan says. Idle it costs one relaxed load; with ASSAY_POINTS=0
// it is the constant 0. errno is left alone. Safe in forked children, in signal handlers, in any number of threads.
//
// Which block a process consults: the one given to attach() (mapping.h); before that, none. Each name stands in
// catalogue.def; a name that does not is counted as uncatalogued while something is armed, and never fires.

#include <atomic>
#include <cstdint>

#include "faults/points/layout.h"
#include "faults/points/name.h"
#include "faults/points/worker.h"

#ifndef ASSAY_POINTS
#define ASSAY_POINTS 1
#endif

namespace assay::points {

// What came of a visit.
struct Visit {
  int error = 0;          // the errno to fail with
  bool was_held = false;  // a pause held the caller until somebody released it
};

namespace detail {
// The flag word of the attached block, or one that is always clear. A pointer, so that a point needs no test for
// "attached at all".
extern std::atomic<const std::atomic<std::uint32_t>*> armed_flag;

// The armed path. `worker` is kNoWorker where the process's own identity counts.
Visit evaluate(Name name, std::int32_t worker);
}  // namespace detail

// Sources with and without points may be linked into one program.
#if ASSAY_POINTS
inline namespace compiled_in {
#else
inline namespace compiled_out {
#endif

// True while a plan (or libfiu) is armed in the attached block. For code that must do more than visit a point, such as
// trying a lock before it waits, so that a schedule can see that it would block.
#if ASSAY_POINTS

inline bool armed() {
  return detail::armed_flag.load(std::memory_order_relaxed)->load(std::memory_order_relaxed) != 0;
}

// Visits a point as the process's worker (see set_worker).
inline int point(Name name) {
  if (!armed()) [[likely]] {
    return 0;
  }
  return detail::evaluate(name, kNoWorker).error;
}

// Visits a point as the worker of `context`: for workers that are threads of one process.
inline int point(const WorkerContext& context, Name name) {
  if (!armed()) [[likely]] {
    return 0;
  }
  return detail::evaluate(name, context.worker).error;
}

// Visits a point that is never to fail, and says whether the caller was held there.
inline bool held_at(Name name) {
  return armed() && detail::evaluate(name, kNoWorker).was_held;
}

#else

constexpr bool armed() {
  return false;
}
constexpr int point(Name) {
  return 0;
}
constexpr int point(const WorkerContext&, Name) {
  return 0;
}
constexpr bool held_at(Name) {
  return false;
}

#endif
}  // inline namespace compiled_in or compiled_out

// libfiu's own tools. Where a program links libfiu and was started by fiu-run (or is driven by fiu-ctrl), it registers
// a function that calls fiu_fail(name) and returns fiu_failinfo() as an errno, or 0. It is asked after the plan and
// only while the block's kExternalArmed bit is set (ControlBlock::consult_external), because libfiu takes a lock at
// each check: a child forked while another thread consults it can hang. Pass nullptr to remove it.
using ExternalEvaluator = int (*)(const char* name);
void set_external_evaluator(ExternalEvaluator evaluator);

}  // namespace assay::points
