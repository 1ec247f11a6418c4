// Record locks and whole-file locks.

#include <fcntl.h>
#include <sys/file.h>
#include <cstdarg>

#include "faults/interposer/interposer.h"
#include "faults/interposer/real.h"

namespace {

using assay::interposer::fails;
using assay::interposer::Place;
using assay::interposer::state;
using assay::interposer::visit;

ASSAY_REAL(fcntl)
ASSAY_REAL(fcntl64)
ASSAY_REAL(flock)

bool is_unlock(const void* argument) {
  return argument != nullptr && static_cast<const struct flock*>(argument)->l_type == F_UNLCK;
}

bool is_exclusive(const void* argument) {
  return static_cast<const struct flock*>(argument)->l_type == F_WRLCK;
}

Place place_of(int command, const void* argument) {
  switch (command) {
    case F_SETLKW:
      return is_unlock(argument) ? Place::unlock : Place::setlkw;
    case F_SETLK:
      return is_unlock(argument) ? Place::unlock : Place::setlk;
    case F_GETLK:
      return Place::getlk;
    case F_OFD_SETLKW:
      return is_unlock(argument) ? Place::ofd_unlock : Place::ofd_setlkw;
    case F_OFD_SETLK:
      return is_unlock(argument) ? Place::ofd_unlock : Place::ofd_setlk;
    case F_OFD_GETLK:
      return Place::ofd_getlk;
    default:
      return Place::fcntl;
  }
}

// While a plan is armed, a lock that is busy is a place of its own, so that a schedule can let the holder run on.
template <class Real>
int wait_for_lock(Real real, int fd, void* argument) {
  constexpr int kHandOvers = 16;
  for (int i = 0; i < kHandOvers && state.block->armed.load(std::memory_order_relaxed) != 0; ++i) {
    const int result = real(fd, F_SETLK, argument);
    if (result == 0 || (errno != EAGAIN && errno != EACCES)) return result;
    visit(Place::blocked);
  }
  return real(fd, F_SETLKW, argument);
}

template <class Real>
int wrapped_fcntl(Real real, int fd, int command, void* argument) {
  if (state.block == nullptr) return real(fd, command, argument);
  const Place place = place_of(command, argument);
  if (fails(place)) return -1;
  const int result = place == Place::setlkw ? wait_for_lock(real, fd, argument) : real(fd, command, argument);
  const bool locks = place == Place::setlkw || place == Place::setlk;
  if (locks && result == 0 && is_exclusive(argument)) visit(Place::acquired);
  return result;
}

}  // namespace

ASSAY_EXPORT int fcntl(int fd, int command, ...) {
  va_list arguments;
  va_start(arguments, command);
  void* argument = va_arg(arguments, void*);
  va_end(arguments);
  return wrapped_fcntl(real_fcntl(), fd, command, argument);
}

ASSAY_EXPORT int fcntl64(int fd, int command, ...) {
  va_list arguments;
  va_start(arguments, command);
  void* argument = va_arg(arguments, void*);
  va_end(arguments);
  return wrapped_fcntl(real_fcntl64(), fd, command, argument);
}

ASSAY_EXPORT int flock(int fd, int operation) noexcept {
  return fails(Place::flock) ? -1 : real_flock()(fd, operation);
}
