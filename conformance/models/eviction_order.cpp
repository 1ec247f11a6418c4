#include "conformance/models/eviction_order.h"

#include <algorithm>
#include <utility>

namespace assay::conformance {

namespace {

using Kind = KeyEvent::Kind;
using Result = KeyEvent::Result;

CacheRules without_eviction(CacheRules rules) {
  rules.eviction = Eviction::no_entry;
  rules.may_refuse = true;
  return rules;
}

}  // namespace

// ---- the order ----

void EvictionOrder::stored(const std::string& key, std::size_t at) {
  begin_life(key, at);
  keys_[key].surely_seen = at;
}

// Later hits may be of the new value: then the old one says nothing any more.
void EvictionOrder::perhaps_stored(const std::string& key, std::size_t at) {
  begin_life(key, at);
}

void EvictionOrder::begin_life(const std::string& key, std::size_t at) {
  stores_.push_back(at);
  keys_[key].lives.push_back({at, at, {at}});
}

void EvictionOrder::perhaps_used(const std::string& key, std::size_t at) {
  const auto known = keys_.find(key);
  if (known != keys_.end() && !known->second.lives.empty()) known->second.lives.back().uses.push_back(at);
}

bool EvictionOrder::seen(const std::string& key, std::size_t at) {
  Key& known = keys_[key];
  if (known.lives.empty()) return true;
  Life& life = known.lives.back();
  life.seen = known.surely_seen = at;
  life.uses.push_back(at);
  bool all_explained = true;
  for (Vanished& gone : vanished_) {
    if (gone.key == key) continue;
    std::erase_if(gone.stores, [&](std::size_t store) { return survives(life, store, gone); });
    all_explained = all_explained && !gone.stores.empty();
  }
  return all_explained;
}

bool EvictionOrder::vanished(const std::string& key, std::size_t at) {
  Vanished gone{key, keys_[key].surely_seen, {}};
  for (const std::size_t store : stores_)
    if (store > gone.used && store <= at) gone.stores.push_back(store);
  for (const auto& [other, known] : keys_) {
    if (other == key) continue;
    for (const Life& life : known.lives)
      std::erase_if(gone.stores, [&](std::size_t store) { return survives(life, store, gone); });
  }
  vanished_.push_back(std::move(gone));
  return !vanished_.back().stores.empty();
}

// It stood there before that store and after it, and had to go before the other one.
bool EvictionOrder::survives(const Life& life, std::size_t store, const Vanished& gone) const {
  if (rule_ == Eviction::some || life.stored >= store || life.seen < store) return false;
  if (rule_ == Eviction::all) return true;
  const auto next = std::lower_bound(life.uses.begin(), life.uses.end(), store);
  return *std::prev(next) < gone.used;
}

// ---- over the calls of a run ----

EvictionJudge::EvictionJudge(CacheRules rules, const ClockTimeline& clock, const ValueTable& values)
    : model_(without_eviction(rules), clock, values), order_(rules.eviction) {}

bool EvictionJudge::apply(const CacheCall& call, std::size_t at) {
  const KeyEvent& event = call.event;
  is_off_ = is_off_ || event.lossy || event.kind == Kind::insert;
  if (is_off_ || event.result == Result::failed) return true;
  if (event.kind == Kind::clear) {
    is_off_ = event.result != Result::done;
    states_.clear();
    return true;
  }
  auto& states = states_.try_emplace(call.key, std::vector<KeyState>{model_.initial()}).first->second;
  std::vector<KeyState> next;
  for (const KeyState& state : states) model_.step(state, event, next);
  std::sort(next.begin(), next.end());
  next.erase(std::unique(next.begin(), next.end()), next.end());
  if (event.reads()) return apply_read(call, std::move(next), at);
  if (event.kind == Kind::set || event.kind == Kind::add) {
    if (event.result == Result::refused) order_.refused(at);
    if (event.result == Result::unknown) order_.perhaps_stored(call.key, at);
    if (event.result == Result::done) order_.stored(call.key, at);
  }
  // A count that does not follow from the old number began anew: what it counted was evicted.
  if (next.empty() && event.kind == Kind::add && event.result == Result::done)
    model_.step(model_.initial(), event, next);
  is_off_ = next.empty();
  states = std::move(next);
  return true;
}

bool EvictionJudge::apply_read(const CacheCall& call, std::vector<KeyState> next, std::size_t at) {
  const bool is_explained = !next.empty();
  // What may be a hit, too, is none: not of what is stored.
  const bool may_be_a_miss = call.event.result == Result::miss || call.event.result == Result::hit_or_miss;
  if (may_be_a_miss && !is_explained) {
    states_[call.key] = {model_.initial()};
    return order_.vanished(call.key, at);
  }
  is_off_ = !is_explained;
  states_[call.key] = std::move(next);
  if (call.event.result == Result::hit) return order_.seen(call.key, at);
  order_.perhaps_used(call.key, at);
  return true;
}

}  // namespace assay::conformance
