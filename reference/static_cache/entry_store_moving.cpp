// Reading an entry of which a block is just being moved (entry_store_compaction.cpp), by a writer that may be paused or dead:
// nobody waits for it (GU-LIV-06). What has arrived is read where it is now, the rest where it was.

#include <cstring>

#include "reference/static_cache/entry_store.h"
#include "reference/static_cache/slot_word.h"

namespace assay::reference {

// A copy of a block's bytes, be it the one that is being moved or not. False where the writer went on meanwhile.
bool EntryStore::load_while_moved(const Block& block, std::uint64_t size, std::string& bytes) const {
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
  bytes.resize(size);
  return move.done.load(std::memory_order_acquire) == done && move.from.load(std::memory_order_acquire) == from &&
         move.to.load(std::memory_order_acquire) == to;
}

EntryStore::Look EntryStore::look_at_moving(std::size_t slot, std::uint64_t word, std::string_view key,
                                            std::uint64_t hash, std::uint64_t epoch, std::int64_t now,
                                            const Wanted& wanted) const {
  // As a KeyBlock, which is read in one piece here.
  struct Numbers {
    std::uint64_t hash, epoch, key_length;
    struct {
      std::uint64_t expiry, shape, payload;
    } cells[2];
  } numbers;
  static_assert(sizeof numbers == sizeof(KeyBlock));
  const auto is_as_it_was = [&] {
    return header_->move.slot.load(std::memory_order_acquire) == slot + 1 &&
           slots_[slot].load(std::memory_order_acquire) == word;
  };
  std::string bytes;
  const Block block{slot_word::block(word), key_units(key.size())};
  if (!is_as_it_was() || !load_while_moved(block, sizeof(KeyBlock) + key.size(), bytes) || !is_as_it_was())
    return Look::torn;
  std::memcpy(&numbers, bytes.data(), sizeof numbers);
  if (numbers.hash != hash || numbers.key_length != key.size() || bytes.compare(sizeof numbers, key.size(), key) != 0)
    return Look::other;
  if (numbers.epoch != epoch || slot_word::is_expired(word)) return Look::missing;
  const auto& cell = numbers.cells[slot_word::cell(word)];
  // To tell that it is expired it would have to be marked, which only a whole entry can be.
  if (static_cast<std::int64_t>(cell.expiry) <= now) return Look::torn;
  if (wanted.value != nullptr && !read_value({slot, word}, cell.shape, cell.payload, wanted)) return Look::torn;
  return is_as_it_was() ? Look::found : Look::torn;
}

}  // namespace assay::reference
