// Reading an entry of which a block is just being moved (entry_store_compaction.cpp), by a writer that may be paused or dead:
// nobody waits for it (GU-LIV-06). What has arrived is read where it is now, the rest where it was.

#include <cstring>
#include <tuple>

#include "reference/static_cache/entry_store.h"
#include "reference/static_cache/slot_word.h"

namespace assay::reference {
// A copy of the block, be it the one that is being moved or not. False where the writer went on meanwhile.
bool EntryStore::load_while_moved(const Block& block, std::string& bytes) const {
  const Move& move = header_->move;
  const std::uint64_t from = move.from.load(std::memory_order_acquire), to = move.to.load(std::memory_order_acquire);
  const std::uint64_t done = move.done.load(std::memory_order_acquire);
  // Its owner names the old place or, once all has arrived, the new one.
  const bool is_moved = block.first == from || block.first == to;
  bytes.clear();
  std::string unit;
  for (std::uint64_t i = 0; i < block.units; ++i) {
    const std::uint64_t place = !is_moved ? block.first + i : i < done ? to + i : from + i;
    if (!heap_.contains(place, 1)) return false;
    shared_words::load(reinterpret_cast<const Word*>(heap_.at(static_cast<std::uint32_t>(place))), BlockHeap::kUnit,
                       unit);
    bytes += unit;
  }
  return move.done.load(std::memory_order_acquire) == done && move.from.load(std::memory_order_acquire) == from &&
         move.to.load(std::memory_order_acquire) == to;
}

EntryStore::Look EntryStore::look_at_moving(std::size_t slot, std::uint64_t word, std::string_view key,
                                            std::uint64_t hash, std::uint64_t epoch, std::int64_t now,
                                            const Wanted& wanted) const {
  const auto is_as_it_was = [&] {
    return header_->move.slot.load(std::memory_order_acquire) == slot + 1 &&
           slots_[slot].load(std::memory_order_acquire) == word;
  };
  if (!is_as_it_was()) return Look::torn;
  std::string bytes;
  const std::uint64_t key_units = BlockHeap::units_for(sizeof(KeyBlock) + shared_words::words_for(key.size()) * 8);
  if (!load_while_moved({slot_word::block(word), key_units}, bytes)) return Look::torn;
  std::uint64_t numbers[sizeof(KeyBlock) / sizeof(Word)];
  static_assert(sizeof numbers == sizeof(KeyBlock));
  std::memcpy(numbers, bytes.data(), sizeof numbers);
  const auto [its_hash, its_epoch, its_length] = std::tuple(numbers[0], numbers[1], numbers[2]);
  const bool is_same =
      its_hash == hash && its_length == key.size() && bytes.compare(sizeof numbers, key.size(), key) == 0;
  if (!is_as_it_was()) return Look::torn;
  if (!is_same) return Look::other;
  if (its_epoch != epoch || slot_word::is_expired(word)) return Look::missing;
  const std::uint64_t* const cell = numbers + 3 + 3 * slot_word::cell(word);
  // To tell that it is expired it would have to be marked, which only a whole entry can be.
  if (static_cast<std::int64_t>(cell[0]) <= now) return Look::torn;
  if (wanted.value == nullptr) return Look::found;
  StoredValue& value = *wanted.value;
  value.kind = static_cast<std::uint8_t>(cell[1]);
  value.has_bytes = (cell[1] & kHasBytes) != 0;
  value.scalar = value.has_bytes ? 0 : cell[2];
  value.bytes.clear();
  value.is_known = false;
  value.version = {slot, word, header_->tag.load(std::memory_order_acquire)};
  if (value.has_bytes) {
    const std::uint64_t size = cell[1] >> kSizeShift;
    if (!load_while_moved({static_cast<std::uint32_t>(cell[2]), BlockHeap::units_for(size == 0 ? 1 : size)},
                          value.bytes))
      return Look::torn;
    value.bytes.resize(size);
  }
  return is_as_it_was() ? Look::found : Look::torn;
}

}  // namespace assay::reference
