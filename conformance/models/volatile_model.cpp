#include "conformance/models/volatile_model.h"

#include <fmt/format.h>

#include <limits>

#include "conformance/adapter/eviction_choice.h"

namespace assay::conformance {

namespace {

using Result = KeyEvent::Result;
using Kind = KeyEvent::Kind;

std::int64_t saturating_add(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  return __builtin_add_overflow(a, b, &sum) ? std::numeric_limits<std::int64_t>::max() : sum;
}

std::string choice(const Description& description, const std::string& name, const std::string& fallback) {
  const auto declared = description.choices.find(name);
  return declared == description.choices.end() ? fallback : declared->second;
}

Eviction eviction_rule(const Description& description, const Directives& directives) {
  const std::string evict = eviction_of(description, directives);
  if (evict == "wipe") return Eviction::all;
  if (evict != "lru") return Eviction::no_entry;
  return choice(description, "lru-order", "near") == "exact" ? Eviction::longest_unused : Eviction::some;
}

}  // namespace

CacheRules cache_rules(const Description& description) {
  CacheRules rules;
  rules.eviction = eviction_rule(description, {});
  rules.edge_inclusive = choice(description, "ttl-edge", "exclusive") == "inclusive";
  rules.steady_clock = choice(description, "ttl-clock", "wall") == "monotonic";
  rules.real_clock = !description.features.contains("clock.virtual");
  rules.compacts = choice(description, "compaction", "yes") == "yes";
  rules.reads_may_miss = choice(description, "read-lock", "waiting") == "try";
  rules.lists_are_snapshots = choice(description, "multi-read", "snapshot") == "snapshot";
  rules.emptied_by_death = choice(description, "dead-owner", "kept") == "emptied";
  rules.overflow_fails = choice(description, "counters-overflow", "wrap") == "error";
  return rules;
}

CacheRules cache_rules(const Description& description, const Directives& directives) {
  CacheRules rules = cache_rules(description);
  rules.eviction = eviction_rule(description, directives);
  return rules;
}

CacheRules rules_of(const std::string& backend, CacheRules rules) {
  if (backend != "pinned") return rules;
  rules.eviction = Eviction::no_entry;
  rules.has_ttl = false;
  return rules;
}

bool VolatileKeyModel::expired_at(const State& state, std::uint32_t position, bool steady) const {
  if (state.ttl == 0) return false;
  const std::int64_t stored = steady ? clock_->steady(state.stored) : clock_->wall(state.stored);
  const std::int64_t now = steady ? clock_->steady(position) : clock_->wall(position);
  const std::int64_t expiry = saturating_add(stored, state.ttl);
  return rules_.edge_inclusive ? now > expiry : now >= expiry;
}

bool VolatileKeyModel::may_be_live(const State& state, const Event& event) const {
  for (std::uint32_t p = std::max(event.from, state.stored); p <= event.to; ++p) {
    if (!expired_at(state, p, false)) return true;
    if (rules_.steady_clock && !expired_at(state, p, true)) return true;
  }
  return false;
}

bool VolatileKeyModel::may_be_expired(const State& state, const Event& event) const {
  if (rules_.real_clock && state.ttl != 0) return true;
  for (std::uint32_t p = std::max(event.from, state.stored); p <= event.to; ++p) {
    if (expired_at(state, p, false)) return true;
    if (rules_.steady_clock && expired_at(state, p, true)) return true;
  }
  return false;
}

// Its time was over at some moment since it was stored: a sweep may have taken it, even if the clock went back.
bool VolatileKeyModel::may_be_removed(const State& state, const Event& event) const {
  for (std::uint32_t p = state.stored; p <= event.to; ++p)
    if (expired_at(state, p, false)) return true;
  return false;
}

bool VolatileKeyModel::may_be_there(const State& state, const Event& event) const {
  return state.value != KeyState::absent && !state.told_expired && may_be_live(state, event);
}

bool VolatileKeyModel::may_be_gone(const State& state, const Event& event) const {
  return state.value == KeyState::absent || state.told_expired || rules_.evicts() || event.lossy ||
         may_be_expired(state, event) || may_be_removed(state, event);
}

void VolatileKeyModel::step(const State& state, const Event& event, std::vector<State>& next) const {
  if (event.result == Result::failed) {
    // An exception, or false from a list: nothing changed. Without a fault only what is improper may fail.
    if (rules_.may_fail || !event.proper || (event.ttl != 0 && !rules_.has_ttl)) next.push_back(state);
    if (rules_.may_fail && !event.reads()) done(state, event, next);
    return;
  }
  if (event.reads()) return read(state, event, next);
  if (event.kind == Kind::insert) return insert(state, event, next);
  write(state, event, next);
}

void VolatileKeyModel::read(const State& state, const Event& event, std::vector<State>& next) const {
  const bool hit = event.result == Result::hit || event.result == Result::hit_or_miss;
  const bool there = may_be_there(state, event);
  const bool same =
      event.value == state.value || event.value == ValueTable::opaque || state.value == ValueTable::opaque;
  if (hit && there && same) next.push_back(state);
  if (event.result == Result::miss || event.result == Result::hit_or_miss) return miss(state, event, next);
  const bool says_false = event.kind == Kind::get && event.value == ValueTable::number_of_false;
  if (says_false && rules_.may_fail && !(there && same)) next.push_back(state);  // ST-GET-04
}

void VolatileKeyModel::miss(const State& state, const Event& event, std::vector<State>& next) const {
  if (state.value == KeyState::absent || state.told_expired) return next.push_back(state);
  if (rules_.evicts() || event.lossy || may_be_removed(state, event)) next.push_back({});
  if (may_be_expired(state, event)) {
    State told = state;
    told.told_expired = true;
    next.push_back(told);
  } else if (rules_.reads_may_miss || rules_.may_fail) {
    next.push_back(state);
  }
}

void VolatileKeyModel::write(const State& state, const Event& event, std::vector<State>& next) const {
  if (event.result == Result::done) return done(state, event, next);
  if (event.result == Result::unknown) {
    next.push_back(state);
    done(state, event, next);
    return;
  }
  if (!may_refuse(state, event)) return;
  next.push_back(state);
  if (rules_.evicts() && state.value != KeyState::absent) next.push_back({});  // ST-SET-01
  if (rules_.may_fail) done(state, event, next);
}

// Refused because there is an entry, or as any store.
void VolatileKeyModel::insert(const State& state, const Event& event, std::vector<State>& next) const {
  const bool is_unclear = event.result == Result::unknown || rules_.may_fail;
  if (event.result == Result::done || is_unclear) {
    if (may_be_gone(state, event)) done(state, event, next);
    if (event.may_be_lost && rules_.may_refuse && may_be_gone(state, event)) next.push_back({});
  }
  if (event.result == Result::refused && may_be_there(state, event)) next.push_back(state);
  if (is_unclear) return next.push_back(state);
  if (event.result == Result::refused && (rules_.may_refuse || !event.proper)) next.push_back(state);
}

// Refused stays as it was. For lack of room only what stores may be refused; an add also by what it finds.
bool VolatileKeyModel::may_refuse(const State& state, const Event& event) const {
  if (rules_.may_fail || !event.proper) return true;
  if (event.kind == Kind::remove || event.kind == Kind::clear) return false;
  if (event.kind == Kind::set || state.value == KeyState::absent) return rules_.may_refuse;
  if (state.value == ValueTable::opaque) return true;
  const Value& held = values_->value(state.value);
  std::int64_t sum = 0;
  return !held.is_int() || (rules_.overflow_fails && __builtin_add_overflow(held.as_int(), event.step_by, &sum));
}

void VolatileKeyModel::done(const State& state, const Event& event, std::vector<State>& next) const {
  if (event.kind == Kind::remove || event.kind == Kind::clear) return next.push_back({});
  if (event.kind == Kind::add) {
    add(state, event, next);
    if (rules_.evicts() && state.value != KeyState::absent) add({}, event, next);
    return;
  }
  if (event.ttl != 0 && !rules_.has_ttl) return;
  if (event.ttl < 0) return next.push_back({});  // accepted, never live (ST-TTL-03)
  for (std::uint32_t p = event.from; p <= event.to; ++p) {
    next.push_back({event.value, event.ttl, p, false});
    if (event.ttl == 0) break;
  }
}

void VolatileKeyModel::add(const State& state, const Event& event, std::vector<State>& next) const {
  if (!event.shown) {  // nobody saw the new number: an opaque one is equal to any
    next.push_back({ValueTable::opaque, 0, event.from, false});
    return;
  }
  const auto shows = [&](std::int64_t before) {
    const auto sum = static_cast<std::uint64_t>(before) + static_cast<std::uint64_t>(event.step_by);
    return static_cast<std::int64_t>(sum) == *event.shown;
  };
  if (state.value == KeyState::absent || state.told_expired || may_be_expired(state, event) ||
      may_be_removed(state, event)) {
    if (shows(0)) next.push_back({event.value, 0, event.from, false});
    if (state.value == KeyState::absent) return;
  }
  if (!may_be_there(state, event)) return;
  if (state.value == ValueTable::opaque) return next.push_back(state);
  // What it holds is counted on, and lives as long as it would have.
  const Value& held = values_->value(state.value);
  if (held.is_int() && shows(held.as_int())) next.push_back({event.value, state.ttl, state.stored, false});
}

bool VolatileKeyModel::may_omit(const Event& event, const std::vector<const Event*>& others) const {
  if (event.reads()) return true;
  if (event.kind == Kind::add || event.kind == Kind::insert) return false;
  // Without it there are fewer reasons for a miss, and one value less to be hit.
  for (const Event* other : others) {
    if (other->kind == Kind::add || other->kind == Kind::insert) return false;
    if (!other->reads()) continue;
    if (other->result == Result::miss || other->result == Result::hit_or_miss) return false;
    if (event.kind == Kind::set &&
        (other->kind == Kind::has || other->value == event.value || other->value < 0 || event.value < 0))
      return false;
  }
  return true;
}

void VolatileKeyModel::encode(const State& state, std::string& bytes) const {
  const std::int64_t fields[] = {state.value, state.ttl, state.stored, state.told_expired ? 1 : 0};
  bytes.append(reinterpret_cast<const char*>(fields), sizeof fields);
}

std::string VolatileKeyModel::text(const State& state) const {
  if (state.value == KeyState::absent) return "no entry";
  std::string out = values_->text(state.value);
  if (state.ttl != 0)
    out += fmt::format(" stored at {:+} s for {} s", clock_->wall(state.stored) - clock_start, state.ttl);
  return state.told_expired ? out + ", already reported as expired" : out;
}

Refusal VolatileKeyModel::explain(const std::vector<State>& states, const Event& event) const {
  std::string held;
  bool told = false, expired = false, any = false;
  for (const State& state : states) {
    held += (held.empty() ? "" : " or ") + text(state);
    told = told || (state.told_expired && state.value == event.value);
    any = any || state.value != KeyState::absent;
    expired = expired || (state.value == event.value && state.ttl != 0);
  }
  const std::string what = fmt::format("{} at {:+} s", text(event), clock_->wall(event.to) - clock_start);
  const auto refuse = [&](const char* clause, const char* why) {
    return Refusal{clause, fmt::format("{}: {}. The key holds: {}.", what, why, held)};
  };
  if (event.result == Result::failed)
    return refuse("ST-GET-12", "an operation that nothing disturbed reported a failure");
  if (event.ttl != 0 && !rules_.has_ttl)
    return refuse("ST-TTL-01", "a time to live was taken, where entries have none");
  if (event.kind == Kind::add) return refuse("ST-CNT-01", "the counter does not follow from what it held");
  if (event.kind == Kind::insert && event.result == Result::done)
    return refuse("ST-EXT-01", "it was stored although there is a live entry");
  if (event.kind == Kind::insert) return refuse("ST-EXT-01", "it was refused although there is no entry");
  if (event.kind == Kind::set) return refuse("ST-SET-01", "a store was refused although there is plenty of room");
  if (event.kind == Kind::remove) return refuse("ST-SET-13", "a deletion was refused that nothing disturbed");
  if (event.kind == Kind::clear) return refuse("ST-SET-15", "a clear was refused that nothing disturbed");
  if (event.result == Result::miss || (event.result == Result::hit_or_miss && any))
    return refuse("ST-GET-01", "a miss although the entry is live and no declared choice lets it go");
  if (told) return refuse("GU-IDN-04", "an entry came back that was already reported as expired");
  if (expired) return refuse("ST-TTL-04", "a hit although the time of the entry is over");
  if (!any) return refuse("ST-GET-02", "a hit although there is no entry");
  return refuse("GU-VAL-04", "not the value that the key holds");
}

}  // namespace assay::conformance
