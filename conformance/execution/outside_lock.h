#pragma once

#include <sys/types.h>

#include <functional>
#include <string>

#include "conformance/adapter/target.h"

namespace assay::conformance {

// Record locks that this process holds on the lock bytes of a target, as one more of its processes would: a gate for
// its workers that needs no injected fault. One thread. What is held is let go by the destructor, or by the kernel when
// this process ends.
class OutsideLock {
 public:
  OutsideLock() = default;
  OutsideLock(const OutsideLock&) = delete;
  OutsideLock& operator=(const OutsideLock&) = delete;
  ~OutsideLock() { let_go(); }

  // `lock`: "write" or "usage". Waits ten seconds at most for whoever holds it; an error then, also for another name.
  Expected<void> take(const LockBytes& bytes, const std::string& lock, bool shared);
  void let_go();
  bool holds() const { return file_ >= 0; }
  // Whether the kernel has that process wait for a lock on the file.
  bool makes_wait(pid_t process) const;
  // Waits until it does, or until `is_over` says that there is nothing to wait for; an error that names the worker after
  // ten seconds. Nobody wakes the suite when a process comes to a lock: it looks, and `is_over` sets the pace.
  Expected<void> wait_until_blocked(pid_t process, int worker, const std::function<bool()>& is_over) const;

 private:
  // One descriptor for all: closing any descriptor of a file drops every record lock of the process on it.
  int file_ = -1;
};

}  // namespace assay::conformance
