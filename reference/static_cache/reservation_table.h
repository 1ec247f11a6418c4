#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "reference/lock/segment_lock.h"
#include "reference/static_cache/shared_words.h"
#include "support/error.h"

namespace assay::reference {

// What one running request has reserved (ST-LCK-03). Belongs to one worker; ends with the request, or with the process.
class ReservationHolder {
 public:
  // Reservations without a lease end here (ST-LCK-10); what has a lease goes on without an owner (ST-LCK-12).
  void end_request();

 private:
  friend class ReservationTable;
  // A forked child owns nothing of what its parent's holder says (ST-LCK-20).
  bool is_own() const { return life_ && life_->covers_this_process(); }

  std::optional<OwnerGuard> life_;
  std::uint64_t owner_ = 0;
  std::map<std::string, std::int64_t, std::less<>> leases_;  // by key: when its lease ends, 0 without a lease
};

// Reservations of keys (static-cache.md 9), kept in shared memory for 256 groups of keys: a key whose group another one
// has reserved is reserved too (ST-LCK-09).
//
// A reservation is in force while its lease runs and, if it was made without one, while its owner lives. Owners have
// numbers that are used once, and the kernel says who lives, so that one who died holds up nobody (ST-LCK-11), and
// there is nothing to repair: a reservation is made by one store.
//
// Each function is called with the store's write lock held, except where it says otherwise. `now`: see EntryStore.
class ReservationTable {
 public:
  using Word = shared_words::Word;
  static constexpr std::size_t kBytes = 256 * 2 * sizeof(Word);

  ReservationTable() = default;
  // `memory` has kBytes, all 0 at first; `owners` counts the numbers that are given out.
  ReservationTable(std::byte* memory, Word& owners, SegmentLock& lock);

  // False: another's. True also when it is the holder's own already; then its lease stays as it was (ST-LCK-16).
  Expected<bool> take(std::string_view key, ReservationHolder& holder, std::int64_t lease, std::int64_t now);
  // False when the holder has no reservation of this key (ST-LCK-05).
  bool give_back(std::string_view key, ReservationHolder& holder, std::int64_t now);
  // Whether anybody but this holder (nobody: a stranger) keeps others from storing; an error where that cannot be
  // asked, so that nobody waits for what may never end.
  Expected<bool> is_anothers(std::string_view key, const ReservationHolder* holder, std::int64_t now) const;
  // All of the holder's, and each lease whose owner is gone (ST-LCK-17).
  void clear(ReservationHolder* holder);

 private:
  struct Stripe {
    Word owner;  // 0: free
    Word terms;  // twice the end of the lease, and 1 more where it also lasts as long as its owner lives
  };
  Stripe& stripe_of(std::string_view key) const;
  Expected<bool> is_in_force(const Stripe& stripe, std::int64_t now) const;
  bool is_of(const Stripe& stripe, const ReservationHolder* holder) const;
  std::uint64_t terms_of(const Stripe& stripe, const ReservationHolder& holder) const;
  Expected<void> enter(ReservationHolder& holder);

  std::span<Stripe> stripes_;
  Word* owners_ = nullptr;
  SegmentLock* lock_ = nullptr;
};

}  // namespace assay::reference
