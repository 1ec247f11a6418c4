// How EntryStore gets room: by taking it, by letting what has expired go, and, where it may, what lives.

#include <algorithm>
#include <functional>

#include "faults/points/point.h"
#include "reference/static_cache/entry_store.h"
#include "reference/static_cache/slot_word.h"
#include "reference/table/key_hash.h"

namespace assay::reference {
namespace {

using points::point;

}  // namespace

std::optional<EntryStore::Block> EntryStore::allocate(std::uint64_t bytes, std::int64_t now) {
  const std::uint64_t units = BlockHeap::units_for(std::max<std::uint64_t>(bytes, 1));
  if (point("static/allocate") != 0) return std::nullopt;
  auto first = heap_.allocate(units);
  if (!first) {
    sweep(now);  // ST-FUL-01
    first = heap_.allocate(units);
  }
  if (!first) return std::nullopt;
  return Block{*first, units};
}

void EntryStore::release(std::optional<Block> block) {
  if (block && heap_.contains(block->first, block->units)) heap_.release(block->first, block->units);
}

// Before the entry can be seen, so that no sweep passes it by.
void EntryStore::note_expiry(std::int64_t expiry) {
  std::uint64_t next = header_->next_expiry.load(std::memory_order_relaxed);
  while (expiry < static_cast<std::int64_t>(next)) {
    if (header_->next_expiry.compare_exchange_weak(next, static_cast<std::uint64_t>(expiry), std::memory_order_acq_rel))
      return;
  }
}

// Readers mark entries as expired without the lock, and tell so by a 0: it is kept if it comes in the middle.
void EntryStore::sweep(std::int64_t now) {
  if (now < static_cast<std::int64_t>(header_->next_expiry.load(std::memory_order_acquire))) return;
  auto unknown = static_cast<std::uint64_t>(kNever);
  header_->next_expiry.store(unknown, std::memory_order_release);
  std::int64_t next = kNever;
  for (std::size_t slot = 0; slot < slots_.size(); ++slot) {
    const std::uint64_t word = slots_[slot].load(std::memory_order_acquire);
    const KeyBlock* key = key_block_at(word);
    if (key == nullptr) continue;
    const Cell& cell = key->cells[slot_word::cell(word)];
    const auto expiry = static_cast<std::int64_t>(cell.expiry.load(std::memory_order_relaxed));
    if (!slot_word::is_expired(word) && expiry > now) {
      next = std::min(next, expiry);
      continue;
    }
    point("static/expire/unlink");
    unlink({slot, word}, "static/expire/free");
  }
  header_->next_expiry.compare_exchange_strong(unknown, static_cast<std::uint64_t>(next), std::memory_order_acq_rel);
}

// ---- eviction (ST-FUL-04) ----

bool EntryStore::evict(std::string_view key, Victims& victims) {
  if (eviction_ == Eviction::refuse || header_->entries.load(std::memory_order_relaxed) == 0) return false;
  if (eviction_ == Eviction::wipe) {
    point("static/evict/choose");
    empty("static/evict/unlink", "static/clear/table", "static/evict/free");
    return true;
  }
  if (!victims.are_chosen) choose(key, victims);
  if (victims.by_use.empty()) return false;
  const std::size_t slot = victims.by_use.back().second;
  victims.by_use.pop_back();
  // A reader may have marked it as expired meanwhile, which changes its word but not its block; sweeps may have passed by.
  const std::uint64_t word = slots_[slot].load(std::memory_order_acquire);
  if (key_block_at(word) == nullptr) return true;
  point("static/evict/unlink");
  unlink({slot, word}, "static/evict/free");
  return true;
}

// The key's own old value goes last: storing is a use.
void EntryStore::choose(std::string_view key, Victims& victims) {
  point("static/evict/choose");
  victims.are_chosen = true;
  if (const Place place = place_of(key, hash_key(key)); place.found) note_use(place.found->slot);
  for (std::size_t slot = 0; slot < slots_.size(); ++slot) {
    if (key_block_at(slots_[slot].load(std::memory_order_acquire)) == nullptr) continue;
    victims.by_use.emplace_back(uses_[slot].load(std::memory_order_relaxed), slot);
  }
  std::sort(victims.by_use.begin(), victims.by_use.end(), std::greater<>());
}

void EntryStore::note_use(std::size_t slot) const {
  if (uses_.empty()) return;
  uses_[slot].store(header_->uses.fetch_add(1, std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

void EntryStore::empty(points::Name begin, points::Name table, points::Name memory) {
  point(begin);
  next_tag();
  // From this store on all entries are gone; the rest gives their room back.
  header_->epoch.store(header_->epoch.load(std::memory_order_relaxed) + 1, std::memory_order_release);
  point(table);
  for (Word& slot : slots_) {
    if (slot.load(std::memory_order_relaxed) != slot_word::kEmpty)
      slot.store(slot_word::kEmpty, std::memory_order_release);
  }
  point(memory);
  heap_.reset();
  header_->entries.store(0, std::memory_order_release);
  header_->next_expiry.store(0, std::memory_order_release);
}

}  // namespace assay::reference
