// The armed path of a point. Runs inside any program, in forked children and signal handlers: no locks, no allocation,
// no library call that somebody may have interposed.

#include <sys/syscall.h>
#include <unistd.h>
#include <cerrno>
#include <csignal>
#include <ctime>

#include "faults/points/clock.h"
#include "faults/points/evaluate.h"
#include "faults/points/mapping.h"
#include "faults/points/point.h"
#include "faults/points/turnstile.h"

namespace assay::points {
namespace {

std::atomic<std::int32_t> process_worker{kNoWorker};
// Found without a call, also where this stands in a library: points are visited in signal handlers.
[[gnu::tls_model("initial-exec")]] thread_local std::int32_t thread_worker = kNoWorker;
std::atomic<ExternalEvaluator> external_evaluator{nullptr};

struct Visitor {
  std::uint32_t point;
  std::int32_t worker;
  std::int32_t pid;
  std::uint32_t armed;  // Layout::armed when the visit began
};

std::int32_t own_pid() {
  return static_cast<std::int32_t>(syscall(SYS_getpid));
}

std::int32_t worker_of_process(const Layout& block, std::int32_t pid) {
  const std::int32_t own = current_worker();
  if (own != kNoWorker) return own;
  const std::uint32_t named = block.workers_named.load(std::memory_order_acquire);
  for (std::uint32_t i = 0; i < named && i < kMaxWorkers; ++i) {
    if (block.workers[i].pid.load(std::memory_order_relaxed) == pid) return static_cast<std::int32_t>(i);
  }
  return kNoWorker;
}

bool is_due(const Slot& slot, std::uint64_t seen) {
  const std::uint64_t n = slot.n.load(std::memory_order_relaxed);
  const std::uint64_t limit = slot.limit.load(std::memory_order_relaxed);
  if (n == 0) return false;
  switch (static_cast<When>(slot.when.load(std::memory_order_relaxed))) {
    case When::once:
      return seen == n;
    case When::from:
      return seen >= n && (limit == 0 || seen - n < limit);
    case When::every:
      return seen % n == 0 && (limit == 0 || seen / n <= limit);
  }
  return false;
}

// Each field is released, and acquired by ControlBlock::evidence(): who sees a new field sees that the ticket was
// taken.
void record(Layout& block, const Visitor& visit, std::uint32_t index, const Slot& slot, std::uint64_t seen) {
  const std::uint64_t number = block.evidence_next.fetch_add(1, std::memory_order_relaxed);
  Record& out = block.evidence[number % kEvidenceRecords];
  out.ticket.store(0, std::memory_order_relaxed);
  out.occurrence.store(seen, std::memory_order_release);
  out.stamp_ns.store(machine_monotonic_ns(), std::memory_order_release);
  out.point.store(visit.point, std::memory_order_release);
  out.slot.store(index, std::memory_order_release);
  out.effect.store(slot.effect.load(std::memory_order_relaxed), std::memory_order_release);
  out.error.store(slot.error.load(std::memory_order_relaxed), std::memory_order_release);
  out.worker.store(visit.worker, std::memory_order_release);
  out.pid.store(visit.pid, std::memory_order_release);
  if (visit.worker >= 0 && visit.worker < static_cast<std::int32_t>(kMaxWorkers)) {
    block.workers[visit.worker].operation.copy_to(out.operation);
  } else {
    out.operation.store("", 0);
  }
  out.ticket.store(number + 1, std::memory_order_release);
}

void sleep_real(std::uint64_t microseconds) {
  timespec left = {static_cast<time_t>(microseconds / 1'000'000), static_cast<long>(microseconds % 1'000'000 * 1000)};
  while (syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &left, &left) != 0 && errno == EINTR) {
  }
}

// Carries out one fault that is due.
Visit take_effect(Layout& block, const Visitor& visit, std::uint32_t index, Slot& slot, std::uint64_t seen) {
  const auto effect = static_cast<Effect>(slot.effect.load(std::memory_order_relaxed));
  slot.fired.fetch_add(1, std::memory_order_relaxed);
  if (effect == Effect::count) return {};
  block.entries[visit.point].fired.fetch_add(1, std::memory_order_relaxed);
  record(block, visit, index, slot, seen);
  switch (effect) {
    case Effect::fail:
      return {slot.error.load(std::memory_order_relaxed)};
    case Effect::kill:
      syscall(SYS_kill, visit.pid, SIGKILL);
      for (;;) syscall(SYS_pause);  // not reached: the signal is taken on the way back
    case Effect::pause:
      return {0, wait_at_gate(block, {visit.point, visit.worker, visit.pid, seen, visit.armed})};
    case Effect::delay:
      sleep_real(slot.delay_us.load(std::memory_order_relaxed));
      return {};
    case Effect::count:
      break;
  }
  return {};
}

bool concerns(const Slot& slot, const Visitor& visit) {
  const std::int32_t worker = slot.worker.load(std::memory_order_relaxed);
  const std::int32_t pid = slot.pid.load(std::memory_order_relaxed);
  return (worker == kAnyWorker || worker == visit.worker) && (pid == 0 || pid == visit.pid);
}

Visit evaluate_slots(Layout& block, std::uint32_t point, std::uint32_t armed, std::int32_t worker) {
  std::uint64_t mask = block.entries[point].slots.load(std::memory_order_relaxed);
  if (mask == 0) return {};
  const int saved = errno;
  const std::int32_t pid = own_pid();
  const Visitor visit = {point, worker != kNoWorker ? worker : worker_of_process(block, pid), pid, armed};
  Visit all;
  for (; mask != 0; mask &= mask - 1) {
    const auto index = static_cast<std::uint32_t>(__builtin_ctzll(mask));
    Slot& slot = block.slots[index];
    if (!concerns(slot, visit)) continue;
    const std::uint64_t seen = slot.seen.fetch_add(1, std::memory_order_relaxed) + 1;
    if (!is_due(slot, seen)) continue;
    const Visit one = take_effect(block, visit, index, slot, seen);
    if (all.error == 0) all.error = one.error;
    all.was_held = all.was_held || one.was_held;
  }
  errno = saved;
  return all;
}

void count_uncatalogued(Layout& block, const char* name) {
  block.uncatalogued.fetch_add(1, std::memory_order_relaxed);
  block.uncatalogued_name.store(name);
}

int ask_external(const char* name) {
  const ExternalEvaluator evaluator = external_evaluator.load(std::memory_order_acquire);
  return evaluator == nullptr ? 0 : evaluator(name);
}

}  // namespace

std::uint32_t find_entry(const Layout& block, std::uint64_t hash) {
  for (std::size_t probe = 0; probe < kPointCapacity; ++probe) {
    const std::size_t index = (hash + probe) % kPointCapacity;
    const std::uint64_t found = block.entries[index].hash.load(std::memory_order_relaxed);
    if (found == hash) return static_cast<std::uint32_t>(index);
    if (found == 0) break;
  }
  return kNoPoint;
}

Visit visit_entry(Layout& block, std::uint32_t index, const char* name, std::uint32_t armed, std::int32_t worker) {
  Visit visit;
  if ((armed & kPlanArmed) != 0) visit = evaluate_slots(block, index, armed, worker);
  if (visit.error == 0 && (armed & kExternalArmed) != 0) visit.error = ask_external(name);
  return visit;
}

Visit detail::evaluate(Name name, std::int32_t worker) {
  Layout* block = attached();
  if (block == nullptr) return {};
  // Acquire: what arm() wrote before the flag is visible from here on.
  const std::uint32_t armed = block->armed.load(std::memory_order_acquire);
  if (armed == 0) return {};
  const std::uint32_t index = find_entry(*block, name.hash);
  if (index == kNoPoint) {
    count_uncatalogued(*block, name.text);
    return {(armed & kExternalArmed) != 0 ? ask_external(name.text) : 0};
  }
  block->entries[index].reached.fetch_add(1, std::memory_order_relaxed);
  return visit_entry(*block, index, name.text, armed, worker);
}

void set_external_evaluator(ExternalEvaluator evaluator) {
  external_evaluator.store(evaluator, std::memory_order_release);
}

std::int32_t current_worker() {
  return thread_worker != kNoWorker ? thread_worker : process_worker.load(std::memory_order_relaxed);
}

void set_thread_worker(std::int32_t worker) {
  thread_worker = worker >= 0 && worker < static_cast<std::int32_t>(kMaxWorkers) ? worker : kNoWorker;
}

void set_worker(std::int32_t worker) {
  if (worker < 0 || worker >= static_cast<std::int32_t>(kMaxWorkers)) worker = kNoWorker;
  process_worker.store(worker, std::memory_order_relaxed);
  Layout* block = attached();
  if (block == nullptr || worker == kNoWorker) return;
  block->workers[worker].pid.store(own_pid(), std::memory_order_relaxed);
  std::uint32_t named = block->workers_named.load(std::memory_order_relaxed);
  const auto wanted = static_cast<std::uint32_t>(worker) + 1;
  while (named < wanted && !block->workers_named.compare_exchange_weak(named, wanted, std::memory_order_release)) {
  }
}

void set_operation(const char* label) {
  set_operation(WorkerContext{current_worker()}, label);
}

void set_operation(const WorkerContext& context, const char* label) {
  Layout* block = attached();
  if (block == nullptr || context.worker < 0 || context.worker >= static_cast<std::int32_t>(kMaxWorkers)) return;
  block->workers[context.worker].operation.store(label);
}

}  // namespace assay::points
