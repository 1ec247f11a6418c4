#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reference/php/value/value.h"
#include "reference/static_cache/entry_store.h"
#include "reference/static_cache/object_hooks.h"
#include "reference/static_cache/prototypes.h"
#include "reference/static_cache/store_type.h"

namespace assay::reference {

// Why a key may not be used in the static cache (ST-KEY-01, ST-KEY-07); nothing when it may.
std::optional<std::string> key_complaint(std::string_view key);

// The two backends. Each has a segment, table, locks and counts of its own: the same key in both is two entries.
//   volatile  entries may have a time to live
//   pinned    entries have none and never go by themselves (ST-TTL-01, ST-FUL-03); counters
enum class Backend : std::uint8_t { volatile_, pinned };
inline constexpr std::size_t kBackends = 2;

// One backend of the static cache: values of the reference under keys, in a segment of its own.
//
// Declared choices: evict = refuse where it is not made otherwise, lru-order = exact, sweep = yes, compaction = yes, multi-read = snapshot, ttl-clock = wall,
// ttl-edge = exclusive, locks = striped(256), leases = yes, scalar-inline = yes, next-index = kept, class-keys = yes,
// counters-overflow = wrap, undecodable = keep.
//
// Safe for any number of processes and threads; see EntryStore for what holds when one of them dies. Keys must have
// passed key_complaint() and times to live must not be negative: both are the caller's to check first (ST-AVL-06).
// `now` is the wall clock at the moment of the call, in whole seconds (ST-TTL-06). An error means that the lock could
// not be taken, or that a value cannot be stored or restored: what the interface reports as false.
//
// Hooks are asked while no lock is held: before a value is stored, and after it was copied out.
class StaticCache {
 public:
  static Expected<std::unique_ptr<StaticCache>> create(std::size_t bytes, const std::string& lock_directory,
                                                       std::string_view preferred_model = {},
                                                       Eviction eviction = Eviction::refuse);

  // Nothing is a miss. What is answered is the caller's own (ST-ISO-01); its references are made in `heap`. With the
  // worker's `prototypes` an array that it fetched before costs the same whatever its size.
  Expected<std::optional<Value>> get(std::string_view key, std::int64_t now, Heap& heap, ObjectHooks& hooks,
                                     Prototypes* prototypes = nullptr);
  Expected<std::optional<Value>> get(std::string_view key, std::int64_t now, Heap& heap);
  // In the order of the keys, from one state of the cache.
  Expected<std::vector<std::optional<Value>>> get_multiple(std::span<const std::string> keys, std::int64_t now,
                                                           Heap& heap, ObjectHooks& hooks,
                                                           Prototypes* prototypes = nullptr);
  Expected<std::vector<std::optional<Value>>> get_multiple(std::span<const std::string> keys, std::int64_t now,
                                                           Heap& heap);
  Expected<bool> has(std::string_view key, std::int64_t now) { return store_->has(key, now); }
  // How the value is stored, without decoding it (ST-ENC-01); nothing where there is none.
  Expected<std::optional<StoreType>> store_type(std::string_view key, std::int64_t now);

  // False: no room, and nothing changed (ST-SET-01). Without hooks objects are their properties.
  Expected<bool> set(std::string_view key, const Value& value, std::int64_t time_to_live, std::int64_t now,
                     ReservationHolder* holder = nullptr, ObjectHooks* hooks = nullptr);
  // One after the other until one fails (ST-SET-08).
  Expected<bool> set_multiple(std::span<const std::pair<std::string, Value>> values, std::int64_t time_to_live,
                              std::int64_t now, ReservationHolder* holder = nullptr, ObjectHooks* hooks = nullptr);
  // Where there is no live entry; false: there is one, or no room.
  Expected<bool> add(std::string_view key, const Value& value, std::int64_t time_to_live, std::int64_t now,
                     ReservationHolder* holder = nullptr, ObjectHooks* hooks = nullptr);
  // Of all live entries but those of statics.
  Expected<std::vector<std::string>> keys(std::int64_t now);
  Expected<bool> remove(std::string_view key, ReservationHolder* holder = nullptr) {
    return store_->remove(key, holder);
  }
  Expected<bool> clear(ReservationHolder* holder = nullptr) { return store_->clear(holder); }

  // What statics are kept under has keys of its own (declared_keys.h), which nobody can reserve.
  Expected<bool> publish(std::string_view declared_key, const Value& value, std::int64_t time_to_live, std::int64_t now,
                         ObjectHooks& hooks);
  // What is kept of the classes, by their names in lower case (ST-ATT-18).
  Expected<void> remove_classes(const std::vector<std::string>& lower_classes);

  // Reservations; false: another's (ST-LCK-01, ST-LCK-05). What stores and removes on behalf of a holder names it.
  Expected<bool> lock(std::string_view key, ReservationHolder& holder, std::int64_t lease, std::int64_t now) {
    return store_->reserve(key, holder, lease, now);
  }
  Expected<bool> unlock(std::string_view key, ReservationHolder& holder, std::int64_t now) {
    return store_->give_back(key, holder, now);
  }

  struct Count {
    std::int64_t value = 0;
    bool overflowed = false;  // wrapped (ST-CNT-05)
  };
  // Adds in one step; a missing key counts from 0. Nothing: the value is no int, or there is no room (ST-CNT-01 to
  // -06).
  Expected<std::optional<Count>> increment(std::string_view key, std::int64_t step, std::int64_t now,
                                           ReservationHolder* holder = nullptr);
  Expected<std::optional<Count>> decrement(std::string_view key, std::int64_t step, std::int64_t now,
                                           ReservationHolder* holder = nullptr);

  EntryStoreUsage usage() const { return store_->usage(); }
  MemoryModel memory_model() const { return store_->memory_model(); }

 private:
  explicit StaticCache(std::unique_ptr<EntryStore> store) : store_(std::move(store)) {}
  std::unique_ptr<EntryStore> store_;
};

}  // namespace assay::reference
