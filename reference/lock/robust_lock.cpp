#include "reference/lock/robust_lock.h"

#include <fmt/format.h>
#include <sys/mman.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "faults/points/point.h"
#include "reference/lock/process_identity.h"
#include "reference/lock/write_section.h"

namespace assay::reference {
namespace {

using points::held_at;
using points::point;

int make_mutex(pthread_mutex_t* mutex) {
  pthread_mutexattr_t attributes;
  ::pthread_mutexattr_init(&attributes);
  ::pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  ::pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
  ::pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK);
  const int code = ::pthread_mutex_init(mutex, &attributes);
  ::pthread_mutexattr_destroy(&attributes);
  return code;
}

}  // namespace

Expected<std::unique_ptr<RobustLock>> RobustLock::create() {
  void* memory = ::mmap(nullptr, sizeof(pthread_mutex_t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  int code = memory == MAP_FAILED ? errno : 0;
  auto* mutex = static_cast<pthread_mutex_t*>(memory);
  if (code == 0) code = make_mutex(mutex);
  if (code == 0) return std::unique_ptr<RobustLock>(new RobustLock(mutex));
  return failure(fmt::format("cannot make a lock in shared memory: {} ({}); free some memory and start again",
                             std::strerror(code), code),
                 code);
}

RobustLock::~RobustLock() {
  ::munmap(mutex_, sizeof(pthread_mutex_t));
}

int RobustLock::take(int (*how)(pthread_mutex_t*)) const {
  while (true) {
    int code = point("static/lock/acquire");
    if (code == 0) code = how(mutex_);
    if (code == EOWNERDEAD) return ::pthread_mutex_consistent(mutex_);
    if (code != EINTR) return code;
  }
}

// Where a plan is armed, a lock that is busy is a place of its own, so that a schedule can let the holder run on.
int RobustLock::wait() const {
  if (!points::armed()) return take(::pthread_mutex_lock);
  int code = take(::pthread_mutex_trylock);
  while (code == EBUSY && held_at("static/lock/blocked")) code = take(::pthread_mutex_trylock);
  return code == EBUSY ? take(::pthread_mutex_lock) : code;
}

Expected<RobustGuard> RobustLock::lock() {
  if (const int code = wait(); code != 0)
    return failure(
        fmt::format("cannot take the write lock: {} ({}); nothing was changed, try again", std::strerror(code), code),
        code);
  point("static/lock/held");
  return RobustGuard(*this);
}

// ---- the guard ----

RobustGuard::RobustGuard(const RobustLock& lock) : lock_(&lock), process_(this_process()) {
  write_section::begin();
}

RobustGuard::RobustGuard(RobustGuard&& other) noexcept
    : lock_(std::exchange(other.lock_, nullptr)), process_(other.process_) {}

RobustGuard::~RobustGuard() {
  if (lock_ == nullptr || process_ != this_process()) return;
  point("static/lock/release");
  ::pthread_mutex_unlock(lock_->mutex_);
  point("static/lock/released");
  write_section::end();
}

}  // namespace assay::reference
