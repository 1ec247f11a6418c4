// The virtual clock: the time of day stands still in every process, the monotonic clock only in forked children (and
// where ASSAY_FREEZE_MONOTONIC=1), so that the timers of a master that manages workers stay true.

#include <sys/time.h>
#include <ctime>

#include "faults/interposer/interposer.h"
#include "faults/interposer/real.h"

namespace {

using assay::interposer::fails;
using assay::interposer::Place;
using assay::interposer::state;
using assay::interposer::visit;

ASSAY_REAL(time)
ASSAY_REAL(gettimeofday)
ASSAY_REAL(clock_gettime)
ASSAY_REAL(timespec_get)
ASSAY_REAL(clock_nanosleep)

constexpr std::int64_t kSecond = 1'000'000'000;

// Seconds rounded down, also before 1970.
timespec split(std::int64_t nanoseconds) {
  std::int64_t seconds = nanoseconds / kSecond;
  if (nanoseconds % kSecond < 0) --seconds;
  return {static_cast<time_t>(seconds), static_cast<long>(nanoseconds - seconds * kSecond)};
}

bool frozen() {
  return state.block != nullptr && state.block->clock.enabled.load(std::memory_order_acquire) != 0;
}

timespec virtual_realtime() {
  return split(state.block->clock.realtime_ns.load(std::memory_order_relaxed));
}
timespec virtual_monotonic() {
  return split(state.block->clock.monotonic_ns.load(std::memory_order_relaxed));
}

bool is_realtime(clockid_t clock) {
  return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE || clock == CLOCK_TAI;
}

bool is_monotonic(clockid_t clock) {
  return clock == CLOCK_MONOTONIC || clock == CLOCK_MONOTONIC_COARSE || clock == CLOCK_MONOTONIC_RAW ||
         clock == CLOCK_BOOTTIME;
}

}  // namespace

ASSAY_EXPORT time_t time(time_t* out) noexcept {
  visit(Place::time);
  if (!frozen()) return real_time()(out);
  const time_t now = virtual_realtime().tv_sec;
  if (out != nullptr) *out = now;
  return now;
}

ASSAY_EXPORT int gettimeofday(struct timeval* out, void* zone) noexcept {
  visit(Place::gettimeofday);
  const int result = real_gettimeofday()(out, zone);
  if (result != 0 || out == nullptr || !frozen()) return result;
  const timespec now = virtual_realtime();
  *out = {now.tv_sec, now.tv_nsec / 1000};
  return 0;
}

ASSAY_EXPORT int clock_gettime(clockid_t clock, struct timespec* out) noexcept {
  visit(Place::clock_gettime);
  if (frozen()) {
    if (is_realtime(clock)) {
      *out = virtual_realtime();
      return 0;
    }
    if (is_monotonic(clock) && (state.forked || state.freeze_monotonic)) {
      *out = virtual_monotonic();
      return 0;
    }
  }
  return real_clock_gettime()(clock, out);
}

ASSAY_EXPORT int timespec_get(struct timespec* out, int base) noexcept {
  visit(Place::clock_gettime);
  if (base != TIME_UTC || !frozen()) return real_timespec_get()(out, base);
  *out = virtual_realtime();
  return base;
}

// A time on a clock that stands still is as far away as it says: the kernel would compare it with its own clock.
ASSAY_EXPORT int clock_nanosleep(clockid_t clock, int flags, const struct timespec* until, struct timespec* left) {
  const bool is_virtual =
      frozen() && (is_realtime(clock) || (is_monotonic(clock) && (state.forked || state.freeze_monotonic)));
  if ((flags & TIMER_ABSTIME) == 0 || !is_virtual) return real_clock_nanosleep()(clock, flags, until, left);
  const timespec now = is_realtime(clock) ? virtual_realtime() : virtual_monotonic();
  const std::int64_t far = (until->tv_sec - now.tv_sec) * kSecond + until->tv_nsec - now.tv_nsec;
  if (far <= 0) return 0;
  const timespec relative = split(far);
  return real_clock_nanosleep()(CLOCK_MONOTONIC, 0, &relative, nullptr);
}
