// The half of ScriptCache that survives deaths: the journal, invalidation, and the restart.

#include <time.h>

#include <algorithm>

#include "faults/points/point.h"
#include "reference/script_cache/script_cache.h"

namespace assay::reference {
namespace {

using points::point;

constexpr int kPatience = 20;

void pause_a_millisecond() {
  const timespec time{0, 1'000'000};
  ::nanosleep(&time, nullptr);
}

}  // namespace

// ---- the journal ----

void ScriptCache::begin_growth() {
  Journal& journal = state_->journal;
  journal.number.store(state_->memory.taken(), std::memory_order_relaxed);
  journal.waste.store(state_->memory.wasted(), std::memory_order_relaxed);
  journal.operation.store(Journal::grow, std::memory_order_release);
}

void ScriptCache::end_operation() {
  state_->journal.operation.store(Journal::nothing, std::memory_order_release);
}

Expected<WriteGuard> ScriptCache::lock_for_writing() {
  auto guard = lock_->lock();
  if (guard) recover();
  return guard;
}

Expected<std::optional<WriteGuard>> ScriptCache::try_lock_for_writing() {
  auto guard = lock_->try_lock();
  if (guard && *guard) recover();
  return guard;
}

void ScriptCache::recover() {
  const std::uint32_t operation = state_->journal.operation.load(std::memory_order_acquire);
  // While a restart is to be finished the journal belongs to what it throws away.
  if (operation == Journal::nothing || is_restarting()) return;
  point("lock/recover");
  if (operation == Journal::grow) finish_growth();
  if (operation == Journal::invalidate) finish_invalidation();
  end_operation();
  point("lock/recovered");
}

// What was allocated since the journal was written is either reachable or lost, and lost bytes are waste (GU-RES-03).
void ScriptCache::finish_growth() {
  const std::uint64_t before = state_->journal.number.load(std::memory_order_relaxed);
  const std::uint64_t waste = state_->journal.waste.load(std::memory_order_relaxed);
  BumpAllocator& memory = state_->memory;
  memory.settle();
  const std::uint64_t grown = memory.taken() - before;
  if (grown > 0 && !is_reachable(memory.latest_begin(), memory.latest_end())) memory.set_wasted(waste + grown);
}

bool ScriptCache::is_reachable(std::uint64_t from, std::uint64_t to) const {
  if (linked_.leads_between(generation(), from, to)) return true;
  const std::uint32_t keys = table_.size();
  for (std::uint32_t slot = 0; slot < keys; ++slot) {
    const std::uint64_t key = table_.key_offset(slot);
    const std::uint64_t entry = table_.is_primary(slot) ? table_.entry_of(slot) : 0;
    if ((key >= from && key < to) || (entry >= from && entry < to)) return true;
  }
  return false;
}

void ScriptCache::invalidate(ScriptEntry& entry, std::int64_t now) {
  if (!entry.is_valid()) return;
  Journal& journal = state_->journal;
  journal.number.store(offset_of(&entry), std::memory_order_relaxed);
  journal.waste.store(state_->memory.wasted() + entry.memory_consumption, std::memory_order_relaxed);
  journal.time.store(now, std::memory_order_relaxed);
  journal.operation.store(Journal::invalidate, std::memory_order_release);
  point("invalidate/mark");
  entry.valid.store(0, std::memory_order_release);
  finish_invalidation();
  point("invalidate/end");
  end_operation();
}

// An entry that is still valid was perhaps served since, so its invalidation did not happen and will not.
void ScriptCache::finish_invalidation() {
  ScriptEntry& entry = entry_at(state_->journal.number.load(std::memory_order_relaxed));
  if (entry.is_valid()) return;
  entry.timestamp.store(0, std::memory_order_relaxed);
  point("invalidate/account");
  state_->memory.set_wasted(state_->journal.waste.load(std::memory_order_relaxed));
  if (is_full() && waste_calls_for_restart()) {  // SC-RST-06
    schedule_restart(table_.is_full() ? RestartReason::hash_overflow : RestartReason::out_of_memory,
                     state_->journal.time.load(std::memory_order_relaxed));
  }
}

// ---- the restart ----

Expected<bool> ScriptCache::try_restart(std::int64_t now) {
  if (!is_pending() && !is_restarting()) return true;
  point("restart/begin");
  // While this is held nobody uses what is in the segment, in this process or another (SC-RST-12).
  auto exclusion = ASSAY_TRY(lock_->try_exclude_users());
  if (!exclusion) return false;
  auto guard = ASSAY_TRY(try_lock_patiently());
  if (!guard) return false;
  if (!is_pending() && !is_restarting()) return true;  // another worker was faster
  point("restart/start");
  log_.write(LogLevel::debug, "Restarting!");
  recover();
  if (!is_restarting()) plan_restart(now);
  carry_out_restart();
  point("restart/end");
  return true;
}

// Who holds the write lock now uses nothing and is about to release it, or is stopped: then this request goes on
// without the cache rather than wait (GU-LIV-06).
Expected<std::optional<WriteGuard>> ScriptCache::try_lock_patiently() {
  for (int i = 0; i < kPatience; ++i) {
    auto guard = lock_->try_lock();
    if (!guard || *guard) return guard;
    pause_a_millisecond();
  }
  return std::nullopt;
}

// All that the restart will set is written down first, so that whoever finishes it sets the same.
void ScriptCache::plan_restart(std::int64_t now) {
  RestartPlan& plan = state_->plan;
  const auto reason = static_cast<std::uint32_t>(pending().reason);
  plan.reason.store(reason, std::memory_order_relaxed);
  plan.restarts.store(state_->restarts[reason].load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  // SC-RST-14
  const std::int64_t last = state_->last_restart_time.load(std::memory_order_relaxed);
  plan.last_restart_time.store(std::max(now, last + 1), std::memory_order_relaxed);
  plan.generation.store(generation() + 1, std::memory_order_relaxed);
  state_->restart_in_progress.store(1, std::memory_order_release);
}

// May be done again from the start after it was interrupted anywhere.
void ScriptCache::carry_out_restart() {
  const RestartPlan& plan = state_->plan;
  point("restart/clear/table");
  table_.clear(state_->kept_keys);
  const auto* entries = reinterpret_cast<const std::uint64_t*>(segment_.data() + state_->kept_entries);
  for (std::uint32_t slot = 0; slot < state_->kept_keys; ++slot) table_.set_entry(slot, entries[slot]);
  point("restart/clear/interned");
  interned_.clear(state_->kept_strings);
  point("restart/clear/memory");
  state_->memory.restart();
  end_operation();
  point("restart/clear/statistics");
  // Before the misses: what is reported is their difference.
  state_->blacklist_misses.store(0, std::memory_order_release);
  state_->misses.store(0, std::memory_order_release);
  state_->hits.store(0, std::memory_order_relaxed);
  state_->cache_full.store(0, std::memory_order_release);
  state_->last_restart_time.store(plan.last_restart_time.load(std::memory_order_relaxed), std::memory_order_relaxed);
  state_->restarts[plan.reason.load(std::memory_order_relaxed) & 3].store(plan.restarts.load(std::memory_order_relaxed),
                                                                          std::memory_order_relaxed);
  point("restart/publish");
  state_->generation.store(plan.generation.load(std::memory_order_relaxed), std::memory_order_release);
  state_->pending.store(0, std::memory_order_release);
  state_->restart_in_progress.store(0, std::memory_order_release);
}

}  // namespace assay::reference
