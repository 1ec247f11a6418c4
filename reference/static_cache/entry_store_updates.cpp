// The operations of EntryStore on what is there: reservations, and changes in one step.

#include "faults/points/point.h"
#include "reference/static_cache/entry_store.h"
#include "reference/static_cache/entry_store_mutation.h"
#include "reference/static_cache/slot_word.h"
#include "reference/table/key_hash.h"

namespace assay::reference {

using points::point;

Expected<bool> EntryStore::reserve(std::string_view key, ReservationHolder& holder, std::int64_t lease,
                                   std::int64_t now) {
  auto guard = ASSAY_TRY(lock_for_writing());
  return reservations_.take(key, holder, lease, now);
}

Expected<bool> EntryStore::give_back(std::string_view key, ReservationHolder& holder, std::int64_t now) {
  auto guard = ASSAY_TRY(lock_for_writing());
  return reservations_.give_back(key, holder, now);
}

Expected<std::optional<StoredValue>> EntryStore::update(std::string_view key, Update change, std::int64_t argument,
                                                        std::int64_t now, ReservationHolder* holder) {
  auto guard = ASSAY_TRY(lock_for_store(key, holder, now));
  const Mutation mutation(*header_);
  StoredValue old;
  const bool live = ASSAY_TRY(look_in_peace(key, now, {&old, nullptr})) == Look::found;
  auto fresh = change(live ? std::optional(old) : std::nullopt, argument);
  if (!fresh) return std::nullopt;
  point("static/increment/publish");
  if (live) {
    const Found found = *place_of(key, hash_key(key)).found;
    const auto expiry = static_cast<std::int64_t>(
        key_block(found.word).cells[slot_word::cell(found.word)].expiry.load(std::memory_order_relaxed));
    overwrite(found, *fresh, std::nullopt, expiry);
  } else if (!store(key, *fresh, expiry_of(0, now), now)) {
    return std::nullopt;
  }
  if (holder != nullptr) reservations_.give_back(key, *holder, now);
  return fresh;
}

}  // namespace assay::reference
