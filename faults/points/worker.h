#pragma once

// Who is at a point. A worker has a small number, given by the suite, which fault plans and evidence name.

#include <cstdint>

#include "faults/points/layout.h"

namespace assay::points {

// The identity of one worker where several share a process (threads). A member of the reference's Worker object,
// passed down to `point(context, name)`. Without an id the process's own identity counts.
struct WorkerContext {
  std::int32_t worker = kNoWorker;  // 0 .. kMaxWorkers - 1
};

// Gives the calling process its worker id, in the attached block too, so that the suite finds its pid. Forked children
// inherit the id until they set their own; kNoWorker takes it away. A process that never called this (a stock PHP) is
// known by what the suite told the block about its pid (ControlBlock::name_worker).
void set_worker(std::int32_t worker);
std::int32_t current_worker();
// The same for the calling thread alone, whatever its process is: for workers that are threads, at points that are given no
// context. Not in the attached block.
void set_thread_worker(std::int32_t worker);

// What a worker is doing, at most 47 bytes, for evidence records ("include a.php"). Stored in the attached block under
// the worker's id; does nothing without an id.
void set_operation(const char* label);
void set_operation(const WorkerContext& context, const char* label);

// Whoever is inside ControlBlock::wait_held looks again whether it still has to wait. Does nothing, and costs no system
// call, while nothing is armed.
void wake_waiters();

}  // namespace assay::points
