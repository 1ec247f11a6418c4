#pragma once

#include <sys/types.h>

#include <chrono>

#include "faults/crash/result.h"

namespace assay::crash {

// Looks, as often as wanted, whether one process is idle: whether it sleeps in a system call that waits for input,
// which are read, recv, accept, poll and their kin. Sees only the process that it was opened on, not a later one of its
// id.
//
// Used by one thread. Movable; owns a descriptor.
class IdleWatch {
 public:
  // Error: the process is gone, or not ours to see (refused).
  static Expected<IdleWatch> on(pid_t pid);
  IdleWatch(IdleWatch&& other) noexcept;
  IdleWatch& operator=(IdleWatch&&) = delete;
  ~IdleWatch();

  pid_t pid() const { return pid_; }
  // Error: as on().
  Expected<bool> is_idle() const;
  // Waits until it is. False: it was not within the limit (a TimeBudget). Error: as on(), or the machine is too busy to
  // say (refused).
  Expected<bool> wait(std::chrono::milliseconds limit) const;

 private:
  IdleWatch(pid_t pid, int descriptor) : pid_(pid), descriptor_(descriptor) {}

  pid_t pid_;
  int descriptor_;
};

// The same for one look.
Expected<bool> is_idle(pid_t pid);
Expected<bool> wait_until_idle(pid_t pid, std::chrono::milliseconds limit);

}  // namespace assay::crash
