// The reading half of EntryStore, and the layout of cells.

#include "faults/points/point.h"
#include "reference/static_cache/entry_store.h"
#include "reference/static_cache/slot_word.h"
#include "reference/table/key_hash.h"

namespace assay::reference {
namespace {

using points::point;

// How often a reader that is overtaken by writers tries again before it asks them to wait.
constexpr int kPatience = 100;

tl::unexpected<Error> damaged() {
  return failure("the segment of the data cache is damaged: clear it");
}

}  // namespace

std::optional<EntryStore::Block> EntryStore::value_block_of(const Cell& cell) {
  const std::uint64_t shape = cell.shape.load(std::memory_order_acquire);
  if ((shape & kHasBytes) == 0) return std::nullopt;
  const std::uint64_t first = cell.payload.load(std::memory_order_acquire);
  return Block{static_cast<std::uint32_t>(first), value_units(shape >> kSizeShift)};
}

void EntryStore::write_cell(Cell& cell, const StoredValue& value, std::optional<Block> block, std::int64_t expiry) {
  cell.expiry.store(static_cast<std::uint64_t>(expiry), std::memory_order_release);
  cell.shape.store(value.kind | (value.has_bytes ? kHasBytes | std::uint64_t{value.bytes.size()} << kSizeShift : 0),
                   std::memory_order_release);
  cell.payload.store(block ? block->first : value.scalar, std::memory_order_release);
}

Expected<std::optional<StoredValue>> EntryStore::get(std::string_view key, std::int64_t now,
                                                     const KnownEntries* known) {
  StoredValue value;
  if (!ASSAY_TRY(read(key, now, {&value, known}))) return std::nullopt;
  return value;
}

Expected<bool> EntryStore::has(std::string_view key, std::int64_t now) {
  return read(key, now, {});
}

Expected<bool> EntryStore::read(std::string_view key, std::int64_t now, const Wanted& wanted) {
  point("static/fetch/lookup");
  Look seen = Look::torn;
  for (int i = 0; i < kPatience && seen == Look::torn; ++i) seen = look(key, now, wanted);
  if (seen == Look::torn) {
    const auto guard = ASSAY_TRY(lock_for_writing());
    seen = ASSAY_TRY(look_in_peace(key, now, wanted));
  }
  point("static/fetch/end");
  return seen == Look::found;
}

Expected<std::vector<std::optional<StoredValue>>> EntryStore::get_multiple(std::span<const std::string> keys,
                                                                           std::int64_t now) {
  std::vector<std::optional<StoredValue>> values;
  for (int i = 0; i < kPatience; ++i) {
    if (collect(keys, now, values)) return values;
  }
  const auto guard = ASSAY_TRY(lock_for_writing());
  // Only readers that mark entries as expired can come between, each key once.
  for (std::size_t i = 0; i < keys.size() + kPatience; ++i) {
    if (collect(keys, now, values)) return values;
  }
  return damaged();
}

// While nobody writes; who is told that an entry has expired is told so by a listing, too.
bool EntryStore::is_live(std::size_t slot, std::int64_t now) const {
  const std::uint64_t word = slots_[slot].load(std::memory_order_acquire);
  const KeyBlock* block = key_block_at(word);
  if (block == nullptr || slot_word::is_expired(word)) return false;
  if (block->epoch.load(std::memory_order_acquire) != header_->epoch.load(std::memory_order_acquire)) return false;
  return live_cell(slot, word, now, {}) == Look::found;
}

// A listing is no use of the entries.
Expected<std::vector<std::string>> EntryStore::keys(std::int64_t now) {
  const auto guard = ASSAY_TRY(lock_for_writing());
  std::vector<std::string> keys;
  std::string key;
  for (std::size_t slot = 0; slot < slots_.size(); ++slot) {
    if (!is_live(slot, now)) continue;
    const std::uint64_t word = slots_[slot].load(std::memory_order_acquire);
    if (read_key(*key_block_at(word), word, key)) keys.push_back(key);
  }
  return keys;
}

// Only a reader that marks the entry as expired can come between, and that once.
Expected<EntryStore::Look> EntryStore::look_in_peace(std::string_view key, std::int64_t now,
                                                     const Wanted& wanted) const {
  for (int i = 0; i < kPatience; ++i) {
    if (const Look seen = look(key, now, wanted); seen != Look::torn) return seen;
  }
  return damaged();
}

// Each change raises the tag before it happens and touches one key. So if the tag is the same before and after, at most
// one change became visible in between, and what was read is the state before or after it. A clear touches all keys, by
// the epoch, which is compared as well.
bool EntryStore::collect(std::span<const std::string> keys, std::int64_t now,
                         std::vector<std::optional<StoredValue>>& values) const {
  values.assign(keys.size(), std::nullopt);
  const std::uint64_t epoch = header_->epoch.load(std::memory_order_acquire);
  const std::uint64_t tag = header_->tag.load(std::memory_order_acquire);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    StoredValue value;
    const Look seen = look(keys[i], now, {&value});
    if (seen == Look::torn) return false;
    if (seen == Look::found) values[i] = std::move(value);
  }
  return header_->tag.load(std::memory_order_acquire) == tag && header_->epoch.load(std::memory_order_acquire) == epoch;
}

// A key has one slot while it is stored: a search that meets it nowhere, although others come and go on its way, was
// made at a moment when it was not there.
EntryStore::Look EntryStore::look(std::string_view key, std::int64_t now, const Wanted& wanted) const {
  const std::uint64_t hash = hash_key(key);
  const std::uint64_t epoch = header_->epoch.load(std::memory_order_acquire);
  std::size_t slot = first_slot(hash);
  for (std::size_t step = 0; step < slots_.size(); ++step, slot = next_slot(slot)) {
    const std::uint64_t word = slots_[slot].load(std::memory_order_acquire);
    if (word == slot_word::kEmpty) return Look::missing;
    if (!slot_word::holds_key(word)) continue;
    const Look seen = slot_word::is_moving(word) ? look_at_moving(slot, word, key, hash, epoch, now, wanted)
                                                 : look_at(slot, word, key, hash, epoch, now, wanted);
    if (seen == Look::found) note_use(slot);
    if (seen != Look::other) return seen;
  }
  return Look::missing;
}

EntryStore::Look EntryStore::look_at(std::size_t slot, std::uint64_t word, std::string_view key, std::uint64_t hash,
                                     std::uint64_t epoch, std::int64_t now, const Wanted& wanted) const {
  const KeyBlock* block = key_block_at(word);
  if (block == nullptr) return Look::other;
  const bool same_key = is_key(*block, word, key, hash);
  const bool same_epoch = block->epoch.load(std::memory_order_acquire) == epoch;
  if (same_key && same_epoch && !slot_word::is_expired(word)) return live_cell(slot, word, now, wanted);
  // What was seen counts only if the block was this key's all the time.
  if (slots_[slot].load(std::memory_order_acquire) != word) return Look::torn;
  return same_key ? Look::missing : Look::other;
}

EntryStore::Look EntryStore::live_cell(std::size_t slot, std::uint64_t word, std::int64_t now,
                                       const Wanted& wanted) const {
  const Cell& cell = key_block(word).cells[slot_word::cell(word)];
  if (static_cast<std::int64_t>(cell.expiry.load(std::memory_order_acquire)) <= now) {
    // Marked before it is reported, so that no step of the clock brings it back (GU-IDN-04). A sweep must learn of it,
    // even if this reader is killed after the mark or a sweep passes by before it: it is told twice.
    std::uint64_t expected = word;
    header_->next_expiry.store(0, std::memory_order_release);
    const bool marked =
        slots_[slot].compare_exchange_strong(expected, word | slot_word::kExpired, std::memory_order_acq_rel);
    header_->next_expiry.store(0, std::memory_order_release);
    return marked ? Look::missing : Look::torn;
  }
  point("static/fetch/found");
  if (wanted.value != nullptr && !read_cell(slot, word, cell, wanted)) return Look::torn;
  return slots_[slot].load(std::memory_order_acquire) == word ? Look::found : Look::torn;
}

bool EntryStore::is_key(const KeyBlock& block, std::uint64_t word, std::string_view key, std::uint64_t hash) const {
  return block.hash.load(std::memory_order_acquire) == hash &&
         block.key_length.load(std::memory_order_acquire) == key.size() &&
         heap_.contains(slot_word::block(word), BlockHeap::units_for(sizeof(KeyBlock) + key.size())) &&
         shared_words::equal(block.key(), key);
}

// False when the block makes no sense.
bool EntryStore::read_key(const KeyBlock& block, std::uint64_t word, std::string& key) const {
  const std::uint64_t size = block.key_length.load(std::memory_order_acquire);
  if (!heap_.contains(slot_word::block(word), BlockHeap::units_for(sizeof(KeyBlock) + size))) return false;
  shared_words::load(block.key(), size, key);
  return true;
}

bool EntryStore::read_cell(std::size_t slot, std::uint64_t word, const Cell& cell, const Wanted& wanted) const {
  return read_value({slot, word}, cell.shape.load(std::memory_order_acquire),
                    cell.payload.load(std::memory_order_acquire), wanted);
}

// False when the cell makes no sense, which means that it is another's by now.
bool EntryStore::read_value(const Found& at, std::uint64_t shape, std::uint64_t payload, const Wanted& wanted) const {
  StoredValue& value = *wanted.value;
  value.kind = static_cast<std::uint8_t>(shape);
  value.has_bytes = (shape & kHasBytes) != 0;
  value.scalar = value.has_bytes ? 0 : payload;
  value.bytes.clear();
  value.slot = at.slot;
  value.is_known = false;
  if (!value.has_bytes) return true;
  const std::uint64_t size = shape >> kSizeShift;
  const Block block{static_cast<std::uint32_t>(payload), value_units(size)};
  if (!heap_.contains(payload, block.units)) return false;
  if (slot_word::is_moving(at.word)) return load_while_moved(block, size, value.bytes);
  const auto* words = reinterpret_cast<const Word*>(heap_.at(block.first));
  value.is_known =
      wanted.known != nullptr && wanted.known->knows(value.kind, at.slot, words->load(std::memory_order_acquire));
  if (value.is_known) return true;
  point("static/fetch/copy");
  shared_words::load(words, size, value.bytes);
  return true;
}

}  // namespace assay::reference
