#include "reference/static_cache/entry_store.h"
#include "reference/static_cache/entry_store_mutation.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <chrono>
#include <thread>

#include "faults/points/clock.h"
#include "faults/points/point.h"
#include "reference/static_cache/slot_word.h"
#include "reference/table/key_hash.h"

namespace assay::reference {
namespace {

using points::point;

constexpr std::size_t kSmallest = 64 << 10;

// ST-CFG-08: one slot for 256 bytes, an odd number, within limits.
std::uint64_t capacity_for(std::size_t bytes) {
  std::uint64_t count = bytes / 256;
  if (count % 2 == 0) --count;
  return std::clamp<std::uint64_t>(count, 127, 65521);
}

}  // namespace

std::int64_t EntryStore::expiry_of(std::int64_t time_to_live, std::int64_t now) {
  std::int64_t expiry = 0;
  // ST-TTL-10: a sum beyond the greatest number is practically never.
  if (time_to_live == 0 || __builtin_add_overflow(now, time_to_live, &expiry)) return kNever;
  return expiry;
}

// ---- set-up ----

Expected<std::unique_ptr<EntryStore>> EntryStore::create(std::size_t bytes, const std::string& lock_directory,
                                                         std::string_view preferred_model, Eviction eviction) {
  if (bytes < kSmallest) return failure(fmt::format("a store of {} bytes is too small: give it {}", bytes, kSmallest));
  if (const int code = point("static/partition/create")) {
    return failure("cannot create a static cache: the system refused; start again", code);
  }
  auto segment = ASSAY_TRY(Segment::create(bytes, preferred_model));
  auto lock = ASSAY_TRY(RobustLock::create());
  auto owners = ASSAY_TRY(SegmentLock::create(lock_directory));
  return std::unique_ptr<EntryStore>(new EntryStore(std::move(segment), std::move(lock), std::move(owners), eviction));
}

EntryStore::EntryStore(Segment segment, std::unique_ptr<RobustLock> lock, std::unique_ptr<SegmentLock> owners,
                       Eviction eviction)
    : segment_(std::move(segment)),
      lock_(std::move(lock)),
      owners_(std::move(owners)),
      capacity_(capacity_for(segment_.size())),
      eviction_(eviction) {
  std::byte* memory = segment_.data();
  static_assert(sizeof(Header) <= kHeaderBytes);
  header_ = reinterpret_cast<Header*>(memory);
  // Twice as many slots as keys, so that searches end soon.
  const std::size_t slot_count = std::bit_ceil(capacity_ * 2);
  slots_ = {reinterpret_cast<Word*>(memory + kHeaderBytes), slot_count};
  const std::size_t reservations = kHeaderBytes + slot_count * sizeof(Word);
  reservations_ = ReservationTable(memory + reservations, header_->owners, *owners_);
  std::size_t front = reservations + ReservationTable::kBytes;
  if (eviction_ == Eviction::least_recently_used) {
    uses_ = {reinterpret_cast<Word*>(memory + front), slot_count};
    front += slot_count * sizeof(Word);
  }
  heap_ = BlockHeap(memory + front, segment_.size() - front);
  heap_.reset();
}

EntryStore::KeyBlock& EntryStore::key_block(std::uint64_t word) const {
  return *reinterpret_cast<KeyBlock*>(heap_.at(slot_word::block(word)));
}

EntryStore::KeyBlock* EntryStore::key_block_at(std::uint64_t word) const {
  const bool is_inside = heap_.contains(slot_word::block(word), BlockHeap::units_for(sizeof(KeyBlock)));
  return is_inside ? &key_block(word) : nullptr;
}

EntryStore::Block EntryStore::key_block_of(std::uint64_t word, const KeyBlock& key) {
  const std::uint64_t length = key.key_length.load(std::memory_order_relaxed);
  return {slot_word::block(word), key_units(length)};
}

EntryStoreUsage EntryStore::usage() const {
  EntryStoreUsage usage;
  usage.configured_bytes = segment_.size();
  usage.payload_bytes = heap_.capacity_units() * BlockHeap::kUnit;
  usage.used_bytes = heap_.used_units() * BlockHeap::kUnit;
  usage.free_bytes = usage.payload_bytes - usage.used_bytes;
  usage.entries = header_->entries.load(std::memory_order_acquire);
  usage.capacity = capacity_;
  // Somebody is inside, or died there: the number may be one off, so the entries themselves are counted.
  if (header_->mutating.load(std::memory_order_acquire) != 0) {
    const std::uint64_t epoch = header_->epoch.load(std::memory_order_acquire);
    usage.entries = static_cast<std::uint64_t>(std::count_if(slots_.begin(), slots_.end(), [&](const Word& slot) {
      const std::uint64_t word = slot.load(std::memory_order_acquire);
      const KeyBlock* key = key_block_at(word);
      return slot_word::is_moving(word) || (key != nullptr && key->epoch.load(std::memory_order_acquire) == epoch);
    }));
  }
  return usage;
}

std::uint64_t EntryStore::worn_slots() const {
  return static_cast<std::uint64_t>(std::count_if(slots_.begin(), slots_.end(), [](const Word& slot) {
    const std::uint64_t word = slot.load(std::memory_order_acquire);
    return word != slot_word::kEmpty && !slot_word::holds_key(word);
  }));
}

// ---- operations that change something ----

// ST-FUL-06
bool EntryStore::fits_when_empty(std::string_view key, const StoredValue& value) const {
  if (is_too_long(key.size()) || is_too_long(value.bytes.size())) return false;
  const std::uint64_t least = key_units(key.size()) + (value.has_bytes ? value_units(value.bytes.size()) : 0);
  return least <= heap_.capacity_units();
}

Expected<bool> EntryStore::set(std::string_view key, const StoredValue& value, std::int64_t time_to_live,
                               std::int64_t now, ReservationHolder* holder) {
  if (!fits_when_empty(key, value)) return false;
  point("static/store/begin");
  auto guard = ASSAY_TRY(lock_for_store(key, holder, now));
  const Mutation mutation(*header_);
  return store_for(holder, key, value, time_to_live, now);
}

Expected<bool> EntryStore::add(std::string_view key, const StoredValue& value, std::int64_t time_to_live,
                               std::int64_t now, ReservationHolder* holder) {
  if (!fits_when_empty(key, value)) return false;
  point("static/store/begin");
  auto guard = ASSAY_TRY(lock_for_store(key, holder, now));
  const Mutation mutation(*header_);
  const bool is_free = ASSAY_TRY(look_in_peace(key, now, {})) != Look::found;
  return is_free && store_for(holder, key, value, time_to_live, now);
}

Expected<bool> EntryStore::set_unreserved(std::string_view key, const StoredValue& value, std::int64_t time_to_live,
                                          std::int64_t now) {
  if (!fits_when_empty(key, value)) return false;
  point("static/store/begin");
  auto guard = ASSAY_TRY(lock_for_writing());
  const Mutation mutation(*header_);
  return store_for(nullptr, key, value, time_to_live, now);
}

bool EntryStore::store_for(ReservationHolder* holder, std::string_view key, const StoredValue& value,
                           std::int64_t time_to_live, std::int64_t now) {
  const bool stored = store(key, value, expiry_of(time_to_live, now), now);
  if (stored && holder != nullptr) reservations_.give_back(key, *holder, now);
  point("static/store/end");
  return stored;
}

Expected<void> EntryStore::remove_if(const std::function<bool(std::string_view key)>& is_unwanted) {
  auto guard = ASSAY_TRY(lock_for_writing());
  const Mutation mutation(*header_);
  if (header_->entries.load(std::memory_order_relaxed) == 0) return {};
  std::string key;
  for (std::size_t slot = 0; slot < slots_.size(); ++slot) {
    const std::uint64_t word = slots_[slot].load(std::memory_order_acquire);
    if (word == slot_word::kEmpty) continue;
    const KeyBlock* block = key_block_at(word);
    if (block == nullptr || !read_key(*block, word, key) || !is_unwanted(key)) continue;
    point("static/delete/unlink");
    unlink({slot, word}, "static/delete/free");
  }
  return {};
}

Expected<bool> EntryStore::remove(std::string_view key, ReservationHolder* holder) {
  auto guard = ASSAY_TRY(lock_for_writing());
  const Mutation mutation(*header_);
  const Place place = place_of(key, hash_key(key));
  if (place.found) {
    point("static/delete/unlink");
    unlink(*place.found, "static/delete/free");
  }
  if (holder != nullptr) reservations_.give_back(key, *holder, 0);
  return true;
}

Expected<bool> EntryStore::clear(ReservationHolder* holder) {
  auto guard = ASSAY_TRY(lock_for_writing());
  const Mutation mutation(*header_);
  empty("static/clear/begin", "static/clear/table", "static/clear/memory");
  reservations_.clear(holder);
  point("static/clear/end");
  return true;
}

// ---- writing ----

Expected<RobustGuard> EntryStore::lock_for_writing() {
  auto guard = lock_->lock();
  if (guard) recover();
  return guard;
}

Expected<RobustGuard> EntryStore::lock_for_store(std::string_view key, const ReservationHolder* holder,
                                                 std::int64_t& now) {
  while (true) {
    {
      auto guard = lock_for_writing();
      if (!guard) return guard;
      const auto waits = ASSAY_TRY(reservations_.is_anothers(key, holder, now));
      if (!waits) return guard;
    }
    point("static/reservation/blocked");
    // Nobody says when a lease is over or an owner dead, so it looks again and again.
    std::this_thread::sleep_for(std::chrono::microseconds(200));
    now = points::realtime_ns() / 1'000'000'000;
  }
}

// A writer died at its work. All that readers can reach is whole, for each change of a slot was one store; what it took
// from the heap and did not make reachable, or did not give back, is free.
void EntryStore::recover() {
  if (header_->mutating.load(std::memory_order_acquire) == 0) return;
  point("static/recover");
  finish_move();
  const std::uint64_t epoch = header_->epoch.load(std::memory_order_relaxed);
  std::uint64_t entries = 0;
  heap_.reset();
  for (Word& slot : slots_) {
    const std::uint64_t word = slot.load(std::memory_order_acquire);
    if (!slot_word::holds_key(word)) continue;
    const KeyBlock* key = key_block_at(word);
    const bool is_gone = key == nullptr || key->epoch.load(std::memory_order_relaxed) != epoch;
    if (is_gone || !reserve_blocks(key_block_of(word, *key), value_block_of(key->cells[slot_word::cell(word)]))) {
      slot.store(slot_word::gone(next_tag()), std::memory_order_release);
      continue;
    }
    ++entries;
  }
  header_->entries.store(entries, std::memory_order_release);
  header_->next_expiry.store(0, std::memory_order_release);
  header_->mutating.store(0, std::memory_order_release);
}

// False where they are not both inside.
bool EntryStore::reserve_blocks(const Block& key, const std::optional<Block>& value) {
  if (!heap_.contains(key.first, key.units) || (value && !heap_.contains(value->first, value->units))) return false;
  heap_.reserve(key.first, key.units);
  if (value) heap_.reserve(value->first, value->units);
  return true;
}

EntryStore::Place EntryStore::place_of(std::string_view key, std::uint64_t hash) const {
  Place place;
  bool vacant = false;
  std::size_t slot = first_slot(hash);
  for (std::size_t step = 0; step < slots_.size(); ++step, slot = next_slot(slot)) {
    const std::uint64_t word = slots_[slot].load(std::memory_order_acquire);
    if (!slot_word::holds_key(word)) {
      if (!vacant) place.vacant = slot;
      vacant = true;
      if (word == slot_word::kEmpty) break;
    } else if (const KeyBlock* block = key_block_at(word); block != nullptr && is_key(*block, word, key, hash)) {
      place.found = Found{slot, word};
      break;
    }
  }
  return place;
}

std::uint64_t EntryStore::next_tag() {
  const std::uint64_t tag = header_->tag.load(std::memory_order_relaxed) + 1;
  header_->tag.store(tag, std::memory_order_release);
  return tag;
}

bool EntryStore::store(std::string_view key, const StoredValue& value, std::int64_t expiry, std::int64_t now) {
  note_expiry(expiry);
  Victims victims;
  while (!try_store(key, value, expiry, now)) {
    if (!compact(key, value) && !evict(key, victims)) return false;
  }
  return true;
}

bool EntryStore::try_store(std::string_view key, const StoredValue& value, std::int64_t expiry, std::int64_t now) {
  const std::uint64_t hash = hash_key(key);
  std::optional<Block> block;
  if (value.has_bytes) {
    block = allocate(value.bytes.size(), now);
    if (!block) return false;
    point("static/store/copy");
    shared_words::store(reinterpret_cast<Word*>(heap_.at(block->first)), value.bytes);
  }
  // Only now: making room may have removed an expired entry of this key.
  if (const Place place = place_of(key, hash); place.found) {
    overwrite(*place.found, value, block, expiry);
    return true;
  }
  if (insert(key, hash, value, block, expiry, now)) return true;
  release(block);
  return false;
}

void EntryStore::overwrite(const Found& found, const StoredValue& value, std::optional<Block> block,
                           std::int64_t expiry) {
  const unsigned old_cell = slot_word::cell(found.word);
  const unsigned new_cell = 1 - old_cell;
  KeyBlock& key = key_block(found.word);
  const auto old_block = value_block_of(key.cells[old_cell]);
  write_cell(key.cells[new_cell], value, block, expiry);
  point("static/store/publish");
  slots_[found.slot].store(slot_word::make(slot_word::block(found.word), new_cell, next_tag()),
                           std::memory_order_release);
  note_use(found.slot);
  point("static/store/replace");
  release(old_block);
}

bool EntryStore::insert(std::string_view key, std::uint64_t hash, const StoredValue& value, std::optional<Block> block,
                        std::int64_t expiry, std::int64_t now) {
  if (header_->entries.load(std::memory_order_relaxed) >= capacity_) sweep(now);
  if (header_->entries.load(std::memory_order_relaxed) >= capacity_) return false;  // ST-FUL-09
  const auto own = allocate(sizeof(KeyBlock) + shared_words::words_for(key.size()) * 8, now);
  if (!own) return false;
  auto& fresh = *reinterpret_cast<KeyBlock*>(heap_.at(own->first));
  fresh.hash.store(hash, std::memory_order_release);
  fresh.epoch.store(header_->epoch.load(std::memory_order_relaxed), std::memory_order_release);
  fresh.key_length.store(key.size(), std::memory_order_release);
  shared_words::store(fresh.key(), key);
  write_cell(fresh.cells[0], value, block, expiry);
  const std::size_t slot = place_of(key, hash).vacant;
  note_use(slot);
  point("static/store/publish");
  slots_[slot].store(slot_word::make(own->first, 0, next_tag()), std::memory_order_release);
  point("static/store/account");
  header_->entries.store(header_->entries.load(std::memory_order_relaxed) + 1, std::memory_order_release);
  return true;
}

void EntryStore::unlink(const Found& found, points::Name unlinked) {
  const KeyBlock& key = key_block(found.word);
  const Block own = key_block_of(found.word, key);
  const auto value = value_block_of(key.cells[slot_word::cell(found.word)]);
  slots_[found.slot].store(slot_word::gone(next_tag()), std::memory_order_release);
  point(unlinked);
  release(own);
  release(value);
  point("static/delete/account");
  header_->entries.store(header_->entries.load(std::memory_order_relaxed) - 1, std::memory_order_release);
  tidy(found.slot);
}

// Before an empty slot nothing needs to say that something was here (ST-FUL-10). A reader on its way loses nothing: no
// key that it could be looking for lies behind the empty slot.
void EntryStore::tidy(std::size_t slot) {
  if (slots_[next_slot(slot)].load(std::memory_order_relaxed) != slot_word::kEmpty) return;
  while (true) {
    const std::uint64_t word = slots_[slot].load(std::memory_order_relaxed);
    if (word == slot_word::kEmpty || slot_word::holds_key(word)) return;
    slots_[slot].store(slot_word::kEmpty, std::memory_order_release);
    slot = (slot + slots_.size() - 1) & (slots_.size() - 1);
  }
}

}  // namespace assay::reference
