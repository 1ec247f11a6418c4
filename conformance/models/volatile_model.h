#pragma once

#include <compare>
#include <string>
#include <vector>

#include "conformance/adapter/target.h"
#include "conformance/models/cache_event.h"
#include "conformance/models/judgement.h"

namespace assay::conformance {

// Which live entries a full cache may lose by a store (ST-FUL-04).
enum class Eviction {
  no_entry,        // evict = refuse
  some,            // evict = lru: any
  all,             // evict = wipe: all at once
  longest_unused,  // evict = lru, lru-order = exact: those that were stored or read longest ago
};

// The freedom that a target declares for a data cache (static-cache.md, C.5), and what the run adds to it.
struct CacheRules {
  Eviction eviction = Eviction::no_entry;
  bool edge_inclusive = false;      // ttl-edge = inclusive: still live in second t + ttl (ST-TTL-04)
  bool steady_clock = false;        // ttl-clock = monotonic (ST-TTL-06)
  bool real_clock = false;          // the target has no virtual clock: whatever has a time may be over it
  bool reads_may_miss = false;      // read-lock = try: a read beside a writer may miss (ST-GET-12)
  bool may_refuse = true;           // a store may be refused; off where the run leaves plenty of room
  bool may_fail = false;            // a fault was armed: any operation may report failure (and then happened or not)
  bool emptied_by_death = false;    // dead-owner = emptied: a worker's death inside may empty the cache (ST-PRC-02)
  bool overflow_fails = false;      // counters-overflow = error (ST-CNT-05)
  bool lists_are_snapshots = true;  // off for multi-read = per-key: a list may show several states (ST-GET-10)
  bool compacts = false;            // compaction = yes: free room in pieces is as good as in one (ST-FUL-02)
  bool has_ttl = true;              // off for the pinned backend: a store that names one is refused (ST-TTL-01)

  // A live entry may vanish.
  bool evicts() const { return eviction != Eviction::no_entry; }
};
CacheRules cache_rules(const Description& description);
// The same for a runtime that was started with these directives (adapter/eviction_choice.h).
CacheRules cache_rules(const Description& description, const Directives& directives);
// Those of one backend: "pinned" evicts nothing (ST-FUL-03) and knows no times to live.
CacheRules rules_of(const std::string& backend, CacheRules rules);

// One key of a data cache, volatile or pinned. Evidence: static-cache.md 3-8; the model is a map cell with an expiry.
//
//   live      the entry is there and its time is not over
//   expired   its time is over: a miss, and never a hit again once a read has said so (GU-IDN-04); before that a step
//             of the clock backwards may bring it back or not, since anybody may have removed it (ST-TTL-06, -09)
//   absent    never stored, deleted, cleared, evicted where that is declared
struct KeyState {
  static constexpr std::int32_t absent = -1;
  std::int32_t value = absent;
  std::int64_t ttl = 0;
  std::uint32_t stored = 0;  // position of the clock
  bool told_expired = false;
  auto operator<=>(const KeyState&) const = default;
};

// (state, event) -> states. Stateless itself; the run's clock and values are only read.
class VolatileKeyModel {
 public:
  using State = KeyState;
  using Event = KeyEvent;

  VolatileKeyModel(CacheRules rules, const ClockTimeline& clock, const ValueTable& values)
      : rules_(rules), clock_(&clock), values_(&values) {}

  State initial() const { return {}; }

  // Appends the states that can follow; none where the event is not allowed in this state.
  void step(const State& state, const Event& event, std::vector<State>& next) const;

  // Why the event is not allowed in any of the states.
  Refusal explain(const std::vector<State>& states, const Event& event) const;

  // For the checker. Reads that change nothing can be placed at once; an event whose removal can only allow more may
  // be left out of an explanation.
  bool reads_only(const Event& event) const { return event.reads(); }
  bool may_omit(const Event& event, const std::vector<const Event*>& others) const;
  void encode(const State& state, std::string& bytes) const;
  std::string text(const Event& event) const { return to_text(event, *values_); }
  std::string text(const State& state) const;

 private:
  void read(const State& state, const Event& event, std::vector<State>& next) const;
  void miss(const State& state, const Event& event, std::vector<State>& next) const;
  void write(const State& state, const Event& event, std::vector<State>& next) const;
  void add(const State& state, const Event& event, std::vector<State>& next) const;
  void insert(const State& state, const Event& event, std::vector<State>& next) const;
  bool may_be_there(const State& state, const Event& event) const;
  bool may_be_gone(const State& state, const Event& event) const;
  bool may_refuse(const State& state, const Event& event) const;
  void done(const State& state, const Event& event, std::vector<State>& next) const;
  bool expired_at(const State& state, std::uint32_t position, bool steady) const;
  bool may_be_live(const State& state, const Event& event) const;
  bool may_be_expired(const State& state, const Event& event) const;
  bool may_be_removed(const State& state, const Event& event) const;

  CacheRules rules_;
  const ClockTimeline* clock_;
  const ValueTable* values_;
};

// Judges a run step by step: the first reply that no state allows. Runs with overlapping requests are left to the
// linearizability checker (nothing judged). Also judges entry_count of cache_info between its bounds (ST-AVL-09).
Judgement judge_data_cache(const Trace& trace, std::span<const Observation> observations, CacheRules rules);

}  // namespace assay::conformance
