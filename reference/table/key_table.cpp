#include "reference/table/key_table.h"

#include "faults/points/point.h"
#include "reference/table/key_hash.h"

namespace assay::reference {
namespace {

constexpr std::size_t kTableHeaderBytes = 64;

constexpr std::size_t chain_bytes(std::uint32_t capacity) {
  return (capacity * sizeof(std::uint32_t) + 7) / 8 * 8;
}

}  // namespace

std::size_t KeyTable::bytes_needed(std::uint32_t capacity) {
  return kTableHeaderBytes + chain_bytes(capacity) + capacity * sizeof(Slot);
}

KeyTable::KeyTable(std::byte* memory, const std::byte* base, std::uint32_t capacity)
    : header_(reinterpret_cast<Header*>(memory)),
      chains_(reinterpret_cast<Link*>(memory + kTableHeaderBytes)),
      slots_(reinterpret_cast<Slot*>(memory + kTableHeaderBytes + chain_bytes(capacity))),
      base_(base),
      capacity_(capacity) {}

std::optional<KeyTable::SlotIndex> KeyTable::find(std::string_view key) const {
  return find(key, hash_key(key));
}

std::optional<KeyTable::SlotIndex> KeyTable::find(std::string_view wanted, std::uint64_t hash) const {
  const std::uint32_t published = size();
  std::uint32_t link = chain_of(hash).load(std::memory_order_acquire);
  // A chain has at most `capacity` links. A reader that stands on an unpublished slot while it is written anew may be
  // led to another chain: it misses, as it may, and the bound keeps even that short.
  for (std::uint32_t step = 0; link != 0 && step < capacity_; ++step) {
    const SlotIndex slot = link - 1;
    const bool candidate = slot < published && slots_[slot].hash.load(std::memory_order_relaxed) == hash;
    if (candidate && key(slot) == wanted) return slot;
    link = slots_[slot].next.load(std::memory_order_acquire);
  }
  return std::nullopt;
}

std::string_view KeyTable::key(SlotIndex slot) const {
  const auto* bytes = reinterpret_cast<const char*>(base_ + key_offset(slot));
  return {bytes, slots_[slot].key_length.load(std::memory_order_relaxed)};
}

// An alias always names a slot that was primary when the alias was made, and only a slot that is not its end ever turns
// from primary to alias; so chains of aliases are short and have an end.
KeyTable::SlotIndex KeyTable::primary_of(SlotIndex slot) const {
  for (std::uint64_t at = target(slot); is_alias(at); at = target(slot)) slot = static_cast<SlotIndex>(at >> 1);
  return slot;
}

std::optional<KeyTable::SlotIndex> KeyTable::insert_primary(std::uint64_t key_offset, std::uint32_t key_length,
                                                            std::uint64_t entry) {
  return insert(key_offset, key_length, entry);
}

std::optional<KeyTable::SlotIndex> KeyTable::insert_alias(std::uint64_t key_offset, std::uint32_t key_length,
                                                          SlotIndex primary) {
  return insert(key_offset, key_length, alias_to(primary));
}

std::optional<KeyTable::SlotIndex> KeyTable::insert(std::uint64_t key_offset, std::uint32_t key_length,
                                                    std::uint64_t target) {
  if (points::point("table/insert") != 0 || is_full()) return std::nullopt;
  const SlotIndex index = size();
  unlink_unpublished(index);
  Slot& slot = slots_[index];
  const std::string_view bytes(reinterpret_cast<const char*>(base_ + key_offset), key_length);
  const std::uint64_t hash = hash_key(bytes);
  Link& chain = chain_of(hash);
  slot.hash.store(hash, std::memory_order_relaxed);
  slot.key_offset.store(key_offset, std::memory_order_relaxed);
  slot.key_length.store(key_length, std::memory_order_relaxed);
  slot.target.store(target, std::memory_order_relaxed);
  slot.next.store(chain.load(std::memory_order_relaxed), std::memory_order_release);
  points::point("table/publish");
  chain.store(index + 1, std::memory_order_release);
  points::point("table/published");
  publish(index);
  return index;
}

// The slot may have been linked by a process that died before it published it.
void KeyTable::unlink_unpublished(SlotIndex index) {
  Link& chain = chain_of(slots_[index].hash.load(std::memory_order_relaxed));
  if (chain.load(std::memory_order_relaxed) != index + 1) return;
  chain.store(slots_[index].next.load(std::memory_order_relaxed), std::memory_order_release);
}

void KeyTable::publish(SlotIndex index) {
  header_->size.store(index + 1, std::memory_order_release);
}

void KeyTable::clear(std::uint32_t kept) {
  header_->size.store(0, std::memory_order_release);
  for (std::uint32_t i = 0; i < capacity_; ++i) {
    if (chains_[i].load(std::memory_order_relaxed) != 0) chains_[i].store(0, std::memory_order_release);
  }
  if (kept == 0) return;
  for (SlotIndex slot = 0; slot < kept; ++slot) {
    Link& chain = chain_of(slots_[slot].hash.load(std::memory_order_relaxed));
    slots_[slot].next.store(chain.load(std::memory_order_relaxed), std::memory_order_relaxed);
    chain.store(slot + 1, std::memory_order_release);
  }
  header_->size.store(kept, std::memory_order_release);
}

}  // namespace assay::reference
