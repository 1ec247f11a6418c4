// Mutexes that processes share. Those of one process alone say nothing about a cache, and are passed through.

#include <pthread.h>

#include <cerrno>

#include "faults/interposer/interposer.h"
#include "faults/interposer/real.h"

namespace {

using assay::interposer::Place;
using assay::interposer::state;
using assay::interposer::visit;

ASSAY_REAL(pthread_mutex_lock)
ASSAY_REAL(pthread_mutex_trylock)
ASSAY_REAL(pthread_mutex_unlock)

// The bit of the C library's mutex that says so, found by comparing one of each. Two threads that look for it at the same
// time find the same.
int shared_bit() {
  static int known = 0;
  if (known != 0) return known;
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutex_t own, shared;
  pthread_mutex_init(&own, &attributes);
  pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  pthread_mutex_init(&shared, &attributes);
  known = own.__data.__kind ^ shared.__data.__kind;
  pthread_mutexattr_destroy(&attributes);
  return known;
}

bool is_watched(const pthread_mutex_t* mutex) {
  return state.block != nullptr && (mutex->__data.__kind & shared_bit()) != 0;
}

// While a plan is armed, a mutex that is busy is a place of its own, as a record lock is.
int wait_for_mutex(pthread_mutex_t* mutex) {
  constexpr int kHandOvers = 16;
  for (int i = 0; i < kHandOvers && state.block->armed.load(std::memory_order_relaxed) != 0; ++i) {
    const int result = real_pthread_mutex_trylock()(mutex);
    if (result != EBUSY) return result;
    visit(Place::mutex_blocked);
  }
  return real_pthread_mutex_lock()(mutex);
}

// A robust one whose owner died is locked too.
int tell_of(int result) {
  if (result == 0 || result == EOWNERDEAD) visit(Place::mutex_acquired);
  return result;
}

}  // namespace

ASSAY_EXPORT int pthread_mutex_lock(pthread_mutex_t* mutex) noexcept {
  if (!is_watched(mutex)) return real_pthread_mutex_lock()(mutex);
  visit(Place::mutex_lock);
  return tell_of(wait_for_mutex(mutex));
}

ASSAY_EXPORT int pthread_mutex_trylock(pthread_mutex_t* mutex) noexcept {
  if (!is_watched(mutex)) return real_pthread_mutex_trylock()(mutex);
  visit(Place::mutex_lock);
  return tell_of(real_pthread_mutex_trylock()(mutex));
}

ASSAY_EXPORT int pthread_mutex_unlock(pthread_mutex_t* mutex) noexcept {
  if (is_watched(mutex)) visit(Place::mutex_unlock);
  return real_pthread_mutex_unlock()(mutex);
}
