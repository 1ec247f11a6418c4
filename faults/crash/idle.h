#pragma once

#include <sys/types.h>

#include <chrono>

#include "faults/crash/result.h"

namespace assay::crash {

// A process is idle when it sleeps in a system call that waits for input: read, recv, accept, poll and their kin.
// Error: the process is gone, or not ours to see (kRefused).
Expected<bool> is_idle(pid_t pid);

// Waits until it is. False: it was not within the limit.
Expected<bool> wait_until_idle(pid_t pid, std::chrono::milliseconds limit);

}  // namespace assay::crash
