// How EntryStore makes one piece of free room out of many (ST-FUL-02): blocks move to lower places, in the order in which
// they lie.
//
// A block that moves by less than its size overwrites itself, piece by piece; what a piece is copied from stays whole until
// `done` says that it has arrived. So a writer that finds the mover dead goes on where it was, and readers, told by the
// slot, put the entry together from both places (entry_store_moving.cpp).

#include <algorithm>
#include <cstddef>
#include <limits>

#include "faults/points/point.h"
#include "reference/static_cache/entry_store.h"
#include "reference/static_cache/slot_word.h"
#include "reference/table/key_hash.h"

namespace assay::reference {
namespace {

using points::point;

constexpr std::uint64_t kNeverFree = std::numeric_limits<std::uint64_t>::max();  // a slot is what is missing

}  // namespace

std::uint64_t EntryStore::units_needed(std::string_view key, const StoredValue& value) const {
  const std::uint64_t for_value = value.has_bytes ? value_units(value.bytes.size()) : 0;
  if (place_of(key, hash_key(key)).found) return for_value;
  if (header_->entries.load(std::memory_order_relaxed) >= capacity_) return kNeverFree;
  return for_value + key_units(key.size());
}

bool EntryStore::compact(std::string_view key, const StoredValue& value) {
  const std::uint64_t free = heap_.capacity_units() - heap_.used_units();
  const std::uint64_t needed = units_needed(key, value);
  if (free < needed) return false;
  point("static/compact/begin");
  const std::vector<Owned> blocks = blocks_in_order();
  if (!are_apart_and_in_pieces(blocks, needed)) return false;
  bool has_moved = false;
  std::uint64_t end = 1;
  for (const Owned& owned : blocks) {
    if (owned.block.first - end >= needed) break;
    if (owned.block.first > end) {
      move(owned, end);
      has_moved = true;
    }
    end += owned.block.units;
  }
  return has_moved;
}

// Whether the blocks are all that is used, none lies in another one, and no room between them is large enough as it is:
// otherwise it is not pieces that the store was refused for.
bool EntryStore::are_apart_and_in_pieces(const std::vector<Owned>& blocks, std::uint64_t needed) const {
  std::uint64_t used = 0, end = 1;
  for (const Owned& owned : blocks) {
    if (owned.block.first < end || owned.block.first - end >= needed) return false;
    end = owned.block.first + owned.block.units;
    used += owned.block.units;
  }
  return used == heap_.used_units() && heap_.capacity_units() + 1 - end < needed;
}

std::vector<EntryStore::Owned> EntryStore::blocks_in_order() const {
  std::vector<Owned> blocks;
  for (std::size_t slot = 0; slot < slots_.size(); ++slot) {
    const std::uint64_t word = slots_[slot].load(std::memory_order_acquire);
    const KeyBlock* key = key_block_at(word);
    if (key == nullptr) continue;
    blocks.push_back({key_block_of(word, *key), slot, true});
    if (const auto value = value_block_of(key->cells[slot_word::cell(word)])) blocks.push_back({*value, slot, false});
  }
  std::sort(blocks.begin(), blocks.end(),
            [](const Owned& left, const Owned& right) { return left.block.first < right.block.first; });
  return blocks;
}

void EntryStore::move(const Owned& owned, std::uint64_t to) {
  Move& move = header_->move;
  move.is_key.store(owned.is_key ? 1 : 0, std::memory_order_relaxed);
  move.from.store(owned.block.first, std::memory_order_relaxed);
  move.to.store(to, std::memory_order_relaxed);
  move.units.store(owned.block.units, std::memory_order_relaxed);
  move.done.store(0, std::memory_order_relaxed);
  move.slot.store(owned.slot + 1, std::memory_order_release);
  finish_move();
  heap_.release(owned.block.first, owned.block.units);
  heap_.reserve(static_cast<std::uint32_t>(to), owned.block.units);
}

// Also what a dead writer began, each step of which may be done again.
void EntryStore::finish_move() {
  Move& move = header_->move;
  const std::uint64_t slot = move.slot.load(std::memory_order_acquire) - 1;
  const std::uint64_t from = move.from.load(std::memory_order_relaxed), to = move.to.load(std::memory_order_relaxed);
  const std::uint64_t units = move.units.load(std::memory_order_relaxed);
  const bool is_key = move.is_key.load(std::memory_order_relaxed) != 0;
  const bool is_inside = to < from && heap_.contains(from, units) && heap_.contains(to, units);
  if (!is_inside || !is_owned({{static_cast<std::uint32_t>(from), units}, slot, is_key}, to))
    return move.slot.store(0, std::memory_order_release);
  const std::uint64_t word = mark_as_moving(slot);
  for (std::uint64_t done = move.done.load(std::memory_order_relaxed); done < units;) {
    point("static/compact/move");
    const std::uint64_t count = std::min(from - to, units - done);
    const auto* source = reinterpret_cast<const Word*>(heap_.at(static_cast<std::uint32_t>(from + done)));
    auto* target = reinterpret_cast<Word*>(heap_.at(static_cast<std::uint32_t>(to + done)));
    for (std::uint64_t i = 0; i < count * BlockHeap::kUnit / sizeof(Word); ++i)
      target[i].store(source[i].load(std::memory_order_relaxed), std::memory_order_release);
    done += count;
    move.done.store(done, std::memory_order_release);
  }
  point("static/compact/publish");
  if (!is_key) key_block(word).cells[slot_word::cell(word)].payload.store(to, std::memory_order_release);
  const std::uint32_t key = is_key ? static_cast<std::uint32_t>(to) : slot_word::block(word);
  slots_[slot].store(slot_word::moved(word, key, false, next_tag()), std::memory_order_release);
  move.slot.store(0, std::memory_order_release);
}

// Whether the slot has such a block, there or where it goes to: else somebody wrote into the segment by mistake.
bool EntryStore::is_owned(const Owned& owned, std::uint64_t to) const {
  if (owned.slot >= slots_.size()) return false;
  const std::uint64_t word = slots_[owned.slot].load(std::memory_order_acquire);
  const KeyBlock* key = key_block_at(word);
  if (key == nullptr) return false;
  if (owned.is_key) return slot_word::block(word) == owned.block.first || slot_word::block(word) == to;
  const auto value = value_block_of(key->cells[slot_word::cell(word)]);
  return value && (value->first == owned.block.first || value->first == to);
}

// A reader may mark the entry as expired until then.
std::uint64_t EntryStore::mark_as_moving(std::size_t slot) {
  const std::uint64_t tag = next_tag();
  std::uint64_t word = slots_[slot].load(std::memory_order_acquire);
  std::uint64_t marked = 0;
  do {
    marked = slot_word::moved(word, slot_word::block(word), true, tag);
  } while (!slots_[slot].compare_exchange_weak(word, marked, std::memory_order_acq_rel));
  return marked;
}

}  // namespace assay::reference
