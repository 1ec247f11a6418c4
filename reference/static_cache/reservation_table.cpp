#include "reference/static_cache/reservation_table.h"

#include <algorithm>
#include <limits>

#include "faults/points/point.h"
#include "reference/table/key_hash.h"

namespace assay::reference {
namespace {

using points::point;

// Far enough to be never, and still a number when it is doubled.
constexpr std::int64_t kFarthest = std::numeric_limits<std::int64_t>::max() / 2;

std::int64_t end_of(std::int64_t lease, std::int64_t now) {
  std::int64_t end = 0;
  return __builtin_add_overflow(now, lease, &end) ? kFarthest : std::min(end, kFarthest);
}

}  // namespace

void ReservationHolder::end_request() {
  leases_.clear();
  life_.reset();
}

ReservationTable::ReservationTable(std::byte* memory, Word& owners, SegmentLock& lock)
    : stripes_(reinterpret_cast<Stripe*>(memory), kBytes / sizeof(Stripe)), owners_(&owners), lock_(&lock) {}

ReservationTable::Stripe& ReservationTable::stripe_of(std::string_view key) const {
  return stripes_[hash_key(key) % stripes_.size()];
}

Expected<bool> ReservationTable::is_in_force(const Stripe& stripe, std::int64_t now) const {
  const std::uint64_t owner = stripe.owner.load(std::memory_order_acquire);
  if (owner == 0) return false;
  const std::uint64_t terms = stripe.terms.load(std::memory_order_acquire);
  if (now < static_cast<std::int64_t>(terms >> 1)) return true;
  if ((terms & 1) == 0) return false;
  return lock_->owner_lives(owner);
}

bool ReservationTable::is_of(const Stripe& stripe, const ReservationHolder* holder) const {
  return holder != nullptr && holder->is_own() && stripe.owner.load(std::memory_order_acquire) == holder->owner_;
}

// Of several keys in one group the last one counts.
std::uint64_t ReservationTable::terms_of(const Stripe& stripe, const ReservationHolder& holder) const {
  std::int64_t end = 0;
  std::uint64_t while_alive = 0;
  for (const auto& [key, lease_end] : holder.leases_) {
    if (&stripe_of(key) != &stripe) continue;
    end = std::max(end, lease_end);
    if (lease_end == 0) while_alive = 1;
  }
  return static_cast<std::uint64_t>(end) << 1 | while_alive;
}

Expected<void> ReservationTable::enter(ReservationHolder& holder) {
  if (holder.is_own()) return {};
  holder.end_request();
  const std::uint64_t owner = owners_->load(std::memory_order_relaxed) + 1;
  owners_->store(owner, std::memory_order_release);
  holder.life_.emplace(ASSAY_TRY(lock_->register_owner(owner)));
  holder.owner_ = owner;
  return {};
}

Expected<bool> ReservationTable::take(std::string_view key, ReservationHolder& holder, std::int64_t lease,
                                      std::int64_t now) {
  point("static/reservation/lookup");
  Stripe& stripe = stripe_of(key);
  const bool in_force = is_in_force(stripe, now).value_or(true);
  if (in_force && !is_of(stripe, &holder)) return false;
  ASSAY_TRY(enter(holder));
  const auto known = holder.leases_.find(key);
  const bool has_it = in_force && known != holder.leases_.end() && (known->second == 0 || now < known->second);
  if (has_it) return true;
  holder.leases_.insert_or_assign(std::string(key), lease == 0 ? 0 : end_of(lease, now));
  // Free until the last store, so that whoever dies between leaves no lease of nobody.
  if (!is_of(stripe, &holder)) stripe.owner.store(0, std::memory_order_release);
  stripe.terms.store(terms_of(stripe, holder), std::memory_order_release);
  point("static/reservation/publish");
  stripe.owner.store(holder.owner_, std::memory_order_release);
  point("static/reservation/taken");
  return true;
}

bool ReservationTable::give_back(std::string_view key, ReservationHolder& holder, std::int64_t now) {
  const auto known = holder.leases_.find(key);
  if (known == holder.leases_.end()) return false;
  Stripe& stripe = stripe_of(key);
  // A lease that is over may be another's by now (ST-LCK-13).
  const bool has_it = is_of(stripe, &holder) && (known->second == 0 || now < known->second);
  holder.leases_.erase(known);
  if (!is_of(stripe, &holder)) return false;
  point("static/reservation/release");
  const std::uint64_t rest = terms_of(stripe, holder);
  if (rest == 0)
    stripe.owner.store(0, std::memory_order_release);
  else
    stripe.terms.store(rest, std::memory_order_release);
  point("static/reservation/released");
  return has_it;
}

Expected<bool> ReservationTable::is_anothers(std::string_view key, const ReservationHolder* holder,
                                             std::int64_t now) const {
  const Stripe& stripe = stripe_of(key);
  if (is_of(stripe, holder)) return false;
  return is_in_force(stripe, now);
}

void ReservationTable::clear(ReservationHolder* holder) {
  for (Stripe& stripe : stripes_) {
    const std::uint64_t owner = stripe.owner.load(std::memory_order_acquire);
    if (owner == 0) continue;
    const bool has_lease = stripe.terms.load(std::memory_order_acquire) > 1;
    if (is_of(stripe, holder) || (has_lease && !lock_->owner_lives(owner).value_or(true)))
      stripe.owner.store(0, std::memory_order_release);
  }
  if (holder != nullptr) holder->leases_.clear();
}

}  // namespace assay::reference
