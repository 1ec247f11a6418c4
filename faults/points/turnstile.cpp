#include "faults/points/turnstile.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <cerrno>
#include <csignal>
#include <ctime>

#include "faults/points/mapping.h"
#include "faults/points/worker.h"

namespace assay::points {
namespace {

constexpr std::int64_t kOwnerCheckNs = 500'000'000;

// Raw, because kill() may be an interposer's.
bool process_gone(std::int32_t pid) {
  return syscall(SYS_kill, pid, 0) != 0 && errno == ESRCH;
}

Gate* take_gate(Layout& block, std::int32_t pid) {
  for (Gate& gate : block.gates) {
    std::uint32_t free = 0;
    const std::uint32_t taken = Gate::word_of(pid, Gate::taken);
    if (gate.word.compare_exchange_strong(free, taken, std::memory_order_acq_rel)) return &gate;
  }
  return nullptr;
}

bool is_same_plan(std::uint32_t now, std::uint32_t then) {
  return ((now ^ then) & ~kExternalArmed) == 0;
}

}  // namespace

void report_change(Layout& block) {
  block.holds.fetch_add(1, std::memory_order_acq_rel);
  futex_wake_all(block.holds);
}

void wake_waiters() {
  Layout* block = attached();
  if (block != nullptr && block->armed.load(std::memory_order_relaxed) != 0) report_change(*block);
}

void futex_wait(std::atomic<std::uint32_t>& word, std::uint32_t expected, std::int64_t timeout_ns) {
  timespec limit = {timeout_ns / 1'000'000'000, timeout_ns % 1'000'000'000};
  syscall(SYS_futex, &word, FUTEX_WAIT, expected, timeout_ns < 0 ? nullptr : &limit, nullptr, 0);
}

void futex_wake_all(std::atomic<std::uint32_t>& word) {
  syscall(SYS_futex, &word, FUTEX_WAKE, INT32_MAX, nullptr, nullptr, 0);
}

bool wait_at_gate(Layout& block, const Arrival& arrival) {
  Gate* gate = take_gate(block, arrival.pid);
  if (gate == nullptr) {
    block.gates_exhausted.fetch_add(1, std::memory_order_relaxed);
    return false;
  }
  gate->point.store(arrival.point, std::memory_order_relaxed);
  gate->worker.store(arrival.worker, std::memory_order_relaxed);
  gate->occurrence.store(arrival.occurrence, std::memory_order_relaxed);
  const std::uint32_t held = Gate::word_of(arrival.pid, Gate::held);
  gate->word.store(held, std::memory_order_seq_cst);
  // A plan that was withdrawn in the meantime opens no gate that was not yet there.
  if (!is_same_plan(block.armed.load(std::memory_order_seq_cst), arrival.armed)) {
    gate->word.store(0, std::memory_order_release);
    return false;
  }
  report_change(block);
  const std::int32_t owner = block.owner.load(std::memory_order_relaxed);
  const auto is_held = [&] { return gate->word.load(std::memory_order_acquire) == held; };
  while (is_held()) {
    futex_wait(gate->word, held, kOwnerCheckNs);
    if (is_held() && owner != 0 && process_gone(owner)) break;  // nobody is left to release it
  }
  gate->word.store(0, std::memory_order_release);
  return true;
}

}  // namespace assay::points
