// The part of ControlBlock that arms plans and reads what came of them.

#include <algorithm>
#include <array>
#include <cstring>

#include "faults/points/catalogue.h"
#include "faults/points/control_block.h"
#include "faults/points/evaluate.h"
#include "faults/points/turnstile.h"
#include "support/text/near_names.h"

namespace assay::points {
namespace {

template <std::size_t Bytes>
std::string text_of(const SharedText<Bytes>& shared) {
  char buffer[Bytes];
  shared.load(buffer);
  return buffer;
}

std::string point_name(const Layout& block, std::uint32_t index) {
  return index < kPointCapacity ? text_of(block.entries[index].name) : std::string("?");
}

Error refused(const Fault& fault, const std::string& why) {
  return {"fault plan refused: '" + to_text(fault) + "': " + why};
}

Expected<void> check_numbers(const Fault& fault) {
  if (fault.when.n == 0) return tl::unexpected(refused(fault, "occurrences are counted from 1"));
  if (fault.effect == Effect::fail && (fault.error <= 0 || fault.error > 4095)) {
    return tl::unexpected(refused(fault, "fail needs an errno, such as EINTR"));
  }
  if (fault.effect == Effect::delay && fault.delay_us == 0) {
    return tl::unexpected(refused(fault, "delay needs a number of microseconds"));
  }
  if (fault.worker < kAnyWorker || fault.worker >= static_cast<std::int32_t>(kMaxWorkers)) {
    return tl::unexpected(refused(fault, "worker ids are 0 to " + std::to_string(kMaxWorkers - 1)));
  }
  if (fault.point.size() > kMaxNameLength) return tl::unexpected(refused(fault, "a name has at most 55 characters"));
  if (fault.pid < 0) return tl::unexpected(refused(fault, "a process id is not negative"));
  return {};
}

// The entries that a fault means: those of its pattern at which its effect makes sense.
Expected<std::vector<std::uint32_t>> entries_of(const Layout& block, const Fault& fault,
                                                std::vector<std::uint32_t> found) {
  const bool known = !found.empty();
  std::erase_if(found, [&](std::uint32_t i) {
    return (block.entries[i].effects.load(std::memory_order_relaxed) & effect_bit(fault.effect)) == 0;
  });
  if (known && found.empty()) {
    return tl::unexpected(refused(fault, std::string("'") + effect_name(fault.effect) + "' makes no sense there"));
  }
  return found;
}

Error unknown_point(const Fault& fault, const std::vector<std::string>& known) {
  std::string why = "no such point";
  const auto near = near_names(fault.point, known);
  for (std::size_t i = 0; i < near.size(); ++i) why += (i == 0 ? "; did you mean " : ", ") + near[i];
  return refused(fault, near.empty() ? why + "; the catalogue lists them" : why + "?");
}

void write_slot(Slot& slot, const Fault& fault) {
  slot.effect.store(static_cast<std::uint32_t>(fault.effect), std::memory_order_relaxed);
  slot.when.store(static_cast<std::uint32_t>(fault.when.when), std::memory_order_relaxed);
  slot.n.store(fault.when.n, std::memory_order_relaxed);
  slot.limit.store(fault.when.limit, std::memory_order_relaxed);
  slot.delay_us.store(fault.delay_us, std::memory_order_relaxed);
  slot.error.store(fault.error, std::memory_order_relaxed);
  slot.worker.store(fault.worker, std::memory_order_relaxed);
  slot.pid.store(fault.pid, std::memory_order_relaxed);
  slot.seen.store(0, std::memory_order_relaxed);
  slot.fired.store(0, std::memory_order_relaxed);
  slot.point.store(fault.point.data(), fault.point.size());
}

Fault read_slot(const Slot& slot) {
  Fault fault;
  fault.point = text_of(slot.point);
  fault.effect = static_cast<Effect>(slot.effect.load(std::memory_order_relaxed));
  fault.when = {static_cast<When>(slot.when.load(std::memory_order_relaxed)), slot.n.load(std::memory_order_relaxed),
                slot.limit.load(std::memory_order_relaxed)};
  fault.error = slot.error.load(std::memory_order_relaxed);
  fault.delay_us = slot.delay_us.load(std::memory_order_relaxed);
  fault.worker = slot.worker.load(std::memory_order_relaxed);
  fault.pid = slot.pid.load(std::memory_order_relaxed);
  return fault;
}

}  // namespace

// The entries that a pattern names: one by its hash, where it is a whole name.
std::vector<std::uint32_t> ControlBlock::named_by(const std::string& pattern) const {
  if (!pattern.ends_with('*')) {
    const std::uint32_t entry = find_entry(*layout_, hash_name(pattern));
    return entry == kNoPoint ? std::vector<std::uint32_t>{} : std::vector{entry};
  }
  std::vector<std::uint32_t> found;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (matches(pattern, names_[i])) found.push_back(entries_[i]);
  }
  return found;
}

Expected<void> ControlBlock::arm(const Plan& plan) {
  if (plan.size() > kMaxFaults) {
    return tl::unexpected(Error{"fault plan refused: it has " + std::to_string(plan.size()) + " faults; at most " +
                                std::to_string(kMaxFaults) + " fit"});
  }
  std::array<std::uint64_t, kPointCapacity> masks{};
  for (std::size_t i = 0; i < plan.size(); ++i) {
    if (auto checked = check_numbers(plan[i]); !checked) return checked;
    auto entries = ASSAY_TRY(entries_of(*layout_, plan[i], named_by(plan[i].point)));
    if (entries.empty()) return tl::unexpected(unknown_point(plan[i], known_points()));
    for (const std::uint32_t index : entries) masks[index] |= std::uint64_t{1} << i;
  }
  disarm();
  for (std::size_t i = 0; i < plan.size(); ++i) write_slot(layout_->slots[i], plan[i]);
  for (const std::uint32_t i : entries_) layout_->entries[i].slots.store(masks[i], std::memory_order_relaxed);
  layout_->slots_used.store(static_cast<std::uint32_t>(plan.size()), std::memory_order_relaxed);
  const std::uint32_t number = layout_->plans.fetch_add(1, std::memory_order_relaxed) + 1;
  layout_->armed.fetch_or(kPlanArmed | number * kPlanNumber, std::memory_order_release);
  return {};
}

void ControlBlock::disarm() {
  // Before the gates are looked at: whoever is on its way to one looks again once it is there (wait_at_gate). All four are
  // sequentially consistent, so that one of the two sees the other; no fences, which ThreadSanitizer does not know.
  layout_->armed.fetch_and(kExternalArmed, std::memory_order_seq_cst);
  open_gates(*layout_, [](const Gate&) { return true; });
}

bool ControlBlock::is_armed() const {
  return layout_->armed.load(std::memory_order_acquire) != 0;
}

void ControlBlock::consult_external(bool on) {
  if (on) {
    layout_->armed.fetch_or(kExternalArmed, std::memory_order_acq_rel);
  } else {
    layout_->armed.fetch_and(~kExternalArmed, std::memory_order_acq_rel);
  }
}

void ControlBlock::reset() {
  for (const std::uint32_t i : entries_) {
    layout_->entries[i].reached.store(0, std::memory_order_relaxed);
    layout_->entries[i].fired.store(0, std::memory_order_relaxed);
  }
  for (Slot& slot : layout_->slots) {
    slot.seen.store(0, std::memory_order_relaxed);
    slot.fired.store(0, std::memory_order_relaxed);
  }
  const std::uint64_t written = layout_->evidence_next.load(std::memory_order_acquire);
  for (std::uint64_t i = 0; i < std::min<std::uint64_t>(written, kEvidenceRecords); ++i) {
    layout_->evidence[i].ticket.store(0, std::memory_order_relaxed);
  }
  layout_->evidence_next.store(0, std::memory_order_release);
  layout_->uncatalogued.store(0, std::memory_order_relaxed);
  layout_->gates_exhausted.store(0, std::memory_order_relaxed);
}

std::vector<FaultStatus> ControlBlock::plan_status() const {
  std::vector<FaultStatus> status;
  const std::uint32_t used = layout_->slots_used.load(std::memory_order_relaxed);
  for (std::uint32_t i = 0; i < used && i < kMaxFaults; ++i) {
    const Slot& slot = layout_->slots[i];
    status.push_back(
        {read_slot(slot), slot.seen.load(std::memory_order_relaxed), slot.fired.load(std::memory_order_relaxed)});
  }
  return status;
}

std::vector<Counter> ControlBlock::counters() const {
  std::vector<Counter> all;
  const std::vector<Tally> counted = tallies();
  for (std::size_t i = 0; i < counted.size(); ++i) {
    if (counted[i].reached != 0) all.push_back({names_[i], counted[i].reached, counted[i].fired});
  }
  return all;
}

std::vector<Tally> ControlBlock::tallies() const {
  std::vector<Tally> all;
  all.reserve(entries_.size());
  for (const std::uint32_t i : entries_) {
    const Entry& entry = layout_->entries[i];
    all.push_back({entry.reached.load(std::memory_order_relaxed), entry.fired.load(std::memory_order_relaxed)});
  }
  return all;
}

Counter ControlBlock::counter(const std::string& point) const {
  const std::uint32_t index = find_entry(*layout_, hash_name(point));
  if (index == kNoPoint) return {point, 0, 0};
  const Entry& entry = layout_->entries[index];
  return {point, entry.reached.load(std::memory_order_relaxed), entry.fired.load(std::memory_order_relaxed)};
}

Counter ControlBlock::uncatalogued() const {
  return {text_of(layout_->uncatalogued_name), layout_->uncatalogued.load(std::memory_order_relaxed), 0};
}

EvidenceLog ControlBlock::evidence() const {
  EvidenceLog log;
  const std::uint64_t next = layout_->evidence_next.load(std::memory_order_acquire);
  const std::uint64_t first = next > kEvidenceRecords ? next - kEvidenceRecords : 0;
  log.lost = first;
  for (std::uint64_t number = first; number < next; ++number) {
    const Record& in = layout_->evidence[number % kEvidenceRecords];
    Evidence out;
    const bool complete = in.ticket.load(std::memory_order_acquire) == number + 1;
    out.number = number;
    out.point = point_name(*layout_, in.point.load(std::memory_order_acquire));
    out.occurrence = in.occurrence.load(std::memory_order_acquire);
    out.fault = in.slot.load(std::memory_order_acquire);
    out.effect = static_cast<Effect>(in.effect.load(std::memory_order_acquire));
    out.error = in.error.load(std::memory_order_acquire);
    out.worker = in.worker.load(std::memory_order_acquire);
    out.pid = in.pid.load(std::memory_order_acquire);
    out.operation = text_of(in.operation);
    out.stamp_ns = in.stamp_ns.load(std::memory_order_acquire);
    if (complete && in.ticket.load(std::memory_order_relaxed) == number + 1) {
      log.records.push_back(std::move(out));
    } else {
      ++log.lost;
    }
  }
  return log;
}

// --- turnstile

std::vector<Held> ControlBlock::held() const {
  std::vector<Held> all;
  for (const Gate& gate : layout_->gates) {
    const std::uint32_t word = gate.word.load(std::memory_order_acquire);
    if (Gate::state_of(word) != Gate::held) continue;
    all.push_back({point_name(*layout_, gate.point.load(std::memory_order_relaxed)),
                   gate.worker.load(std::memory_order_relaxed), Gate::pid_of(word),
                   gate.occurrence.load(std::memory_order_relaxed)});
  }
  return all;
}

std::optional<Held> ControlBlock::wait_held(const std::string& point, std::int32_t worker,
                                            std::chrono::nanoseconds limit) {
  return wait_held(point, worker, limit, [] { return false; });
}

void ControlBlock::wake_waiters() {
  report_change(*layout_);
}

std::optional<Held> ControlBlock::wait_held(const std::string& point, std::int32_t worker,
                                            std::chrono::nanoseconds limit, const std::function<bool()>& over) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  for (;;) {
    const std::uint32_t before = layout_->holds.load(std::memory_order_acquire);
    for (const Held& one : held()) {
      if (matches(point, one.point) && (worker == kAnyWorker || worker == one.worker)) return one;
    }
    const auto left = deadline - std::chrono::steady_clock::now();
    if (left <= std::chrono::nanoseconds::zero() || over()) return std::nullopt;
    futex_wait(layout_->holds, before, std::chrono::nanoseconds(left).count());
  }
}

int ControlBlock::release(const std::string& point, std::int32_t worker) {
  return open_gates(*layout_, [&](const Gate& gate) {
    const bool here = matches(point, point_name(*layout_, gate.point.load(std::memory_order_relaxed)));
    return here && (worker == kAnyWorker || worker == gate.worker.load(std::memory_order_relaxed));
  });
}

int ControlBlock::release_process(std::int32_t pid) {
  return open_gates(*layout_,
                    [&](const Gate& gate) { return Gate::pid_of(gate.word.load(std::memory_order_relaxed)) == pid; });
}

}  // namespace assay::points
