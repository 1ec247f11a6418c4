#pragma once

#include <pthread.h>
#include <sys/types.h>

#include <memory>

#include "support/error.h"

namespace assay::reference {

class RobustLock;

// Holds a RobustLock. Movable; released by its destructor, or by the kernel when the thread or process dies. In a forked
// child the guard inherited from the parent holds nothing and releases nothing (GU-SYS-04). While it is held signals that
// would end the process wait (write_section.h).
class [[nodiscard]] RobustGuard {
 public:
  RobustGuard(RobustGuard&& other) noexcept;
  RobustGuard& operator=(RobustGuard&&) = delete;
  ~RobustGuard();

 private:
  friend class RobustLock;
  explicit RobustGuard(const RobustLock& lock);
  const RobustLock* lock_;
  pid_t process_;
};

// A lock for processes forked from its creator and for their threads that makes no system call while nobody waits: a
// robust mutex, of which the kernel tells the next one to come that its holder died (GU-LIV-01). What the dead left
// unfinished the caller has to see by itself.
//
// The mutex stands in shared memory of its own, out of reach of what damages the data that it protects.
//
// Waits that are interrupted go on (GU-LIV-04); any other refusal is an error value and nothing is held. Not recursive:
// a thread that holds it and asks again is refused.
class RobustLock {
 public:
  static Expected<std::unique_ptr<RobustLock>> create();

  RobustLock(const RobustLock&) = delete;
  RobustLock& operator=(const RobustLock&) = delete;
  ~RobustLock();

  Expected<RobustGuard> lock();

 private:
  friend class RobustGuard;
  explicit RobustLock(pthread_mutex_t* mutex) : mutex_(mutex) {}
  // 0 or an error number.
  int take(int (*how)(pthread_mutex_t*)) const;
  int wait() const;

  pthread_mutex_t* const mutex_;
};

}  // namespace assay::reference
