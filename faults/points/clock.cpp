#include "faults/points/clock.h"

#include <sys/syscall.h>
#include <unistd.h>
#include <ctime>

#include "faults/points/mapping.h"

namespace assay::points {
namespace {

std::int64_t machine_ns(int clock) {
  timespec now = {};
  syscall(SYS_clock_gettime, clock, &now);
  return now.tv_sec * 1'000'000'000 + now.tv_nsec;
}

// Through the C library, which needs no system call.
std::int64_t library_ns(clockid_t clock) {
  timespec now = {};
  clock_gettime(clock, &now);
  return now.tv_sec * 1'000'000'000 + now.tv_nsec;
}

bool frozen(const Layout* block) {
  return block != nullptr && block->clock.enabled.load(std::memory_order_acquire) != 0;
}

}  // namespace

std::int64_t machine_realtime_ns() {
  return machine_ns(CLOCK_REALTIME);
}
std::int64_t machine_monotonic_ns() {
  return machine_ns(CLOCK_MONOTONIC);
}

std::int64_t realtime_ns() {
  const Layout* block = attached();
  return frozen(block) ? block->clock.realtime_ns.load(std::memory_order_relaxed) : library_ns(CLOCK_REALTIME);
}

std::int64_t monotonic_ns() {
  const Layout* block = attached();
  return frozen(block) ? block->clock.monotonic_ns.load(std::memory_order_relaxed) : library_ns(CLOCK_MONOTONIC);
}

}  // namespace assay::points
