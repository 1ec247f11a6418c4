#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace assay::reference {

// The lookup table of the script cache: keys (names of scripts) to what is stored under them. Fixed in size for the
// life of the segment (SC-SIZ-04); slots are taken in order and given back only by clear() (SC-KEY-12).
//
// A slot is *primary*, then it holds the offset of a script's entry, or an *alias*, then it names another slot, so that
// all spellings of a script follow when it is stored anew (SC-KEY-12).
//
// This object is one process's view: it may be copied, and holds nothing but addresses. The table itself is in the
// segment. find() and all other const members take no lock and never wait. Members that change the table need the
// segment's write lock. A process killed inside insert() leaves the table as it was or with the key complete: the
// number of keys is what publishes a slot, and it is changed by one store; a slot linked but not published is unlinked
// by the next insert().
class KeyTable {
 public:
  using SlotIndex = std::uint32_t;

  static std::size_t bytes_needed(std::uint32_t capacity);

  KeyTable() = default;
  // memory: bytes_needed(capacity) zeroed bytes, aligned to 8. base: where the offsets of keys begin to count.
  KeyTable(std::byte* memory, const std::byte* base, std::uint32_t capacity);

  std::optional<SlotIndex> find(std::string_view key) const;
  std::optional<SlotIndex> find(std::string_view key, std::uint64_t hash) const;

  std::uint32_t capacity() const { return capacity_; }
  // Number of slots in use: num_cached_keys. Slots 0 to size() - 1 are published.
  std::uint32_t size() const { return header_->size.load(std::memory_order_acquire); }
  bool is_full() const { return size() == capacity_; }

  std::string_view key(SlotIndex slot) const;
  std::uint64_t key_offset(SlotIndex slot) const { return slots_[slot].key_offset.load(std::memory_order_relaxed); }
  bool is_primary(SlotIndex slot) const { return !is_alias(target(slot)); }
  // The primary slot that this one stands for; itself if it is primary.
  SlotIndex primary_of(SlotIndex slot) const;
  // The offset of the entry of the primary slot that this one stands for.
  std::uint64_t entry_of(SlotIndex slot) const { return target(primary_of(slot)); }

  // Publishes a key that is not in the table yet. The key's bytes must be complete at key_offset. Nothing when full.
  // entry: even and not 0.
  std::optional<SlotIndex> insert_primary(std::uint64_t key_offset, std::uint32_t key_length, std::uint64_t entry);
  std::optional<SlotIndex> insert_alias(std::uint64_t key_offset, std::uint32_t key_length, SlotIndex primary);
  // Each is one store.
  void set_entry(SlotIndex slot, std::uint64_t entry) { set_target(slot, entry); }
  void set_alias(SlotIndex slot, SlotIndex primary) { set_target(slot, alias_to(primary)); }

  // Takes all keys out but the first `kept`, which lead where they led last. No user may be registered. May be repeated
  // after it was interrupted. REQUIRES: so many were there, or `kept` was that before the interruption.
  void clear(std::uint32_t kept = 0);

 private:
  struct Header {
    std::atomic<std::uint32_t> size;
  };
  // Links are slot numbers plus one; 0 ends a chain.
  using Link = std::atomic<std::uint32_t>;
  struct Slot {
    std::atomic<std::uint64_t> hash;
    std::atomic<std::uint64_t> key_offset;
    std::atomic<std::uint32_t> key_length;
    Link next;
    std::atomic<std::uint64_t> target;
  };

  static constexpr std::uint64_t alias_to(SlotIndex slot) { return std::uint64_t{slot} << 1 | 1; }
  static constexpr bool is_alias(std::uint64_t target) { return (target & 1) != 0; }

  std::uint64_t target(SlotIndex slot) const { return slots_[slot].target.load(std::memory_order_acquire); }
  void set_target(SlotIndex slot, std::uint64_t target) {
    slots_[slot].target.store(target, std::memory_order_release);
  }
  Link& chain_of(std::uint64_t hash) const { return chains_[hash % capacity_]; }
  std::optional<SlotIndex> insert(std::uint64_t key_offset, std::uint32_t key_length, std::uint64_t target);
  void unlink_unpublished(SlotIndex slot);
  void publish(SlotIndex slot);

  Header* header_ = nullptr;
  Link* chains_ = nullptr;
  Slot* slots_ = nullptr;
  const std::byte* base_ = nullptr;
  std::uint32_t capacity_ = 0;
};

}  // namespace assay::reference
