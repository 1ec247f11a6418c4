#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "conformance/models/volatile_model.h"

namespace assay::conformance {

// Which stores can have taken an entry that vanished, as far as replies tell (static-cache.md, ST-FUL-04). Only stores
// evict; and by the declared rule some entries cannot be gone while others, which are read later, still stand:
//
//   some             any entry, by any store after it was seen last
//   all              not by a store that an entry survived which stood there before it
//   longest_unused   not by a store that an entry survived which was used less recently
//
// Fed with what happened in one backend, in that order: `at` rises from call to call. Where a reply leaves something
// open, what allows more is assumed.
class EvictionOrder {
 public:
  explicit EvictionOrder(Eviction rule) : rule_(rule) {}

  // Stored, with success; or perhaps stored; or refused.
  void stored(const std::string& key, std::size_t at);
  void perhaps_stored(const std::string& key, std::size_t at);
  void refused(std::size_t at) { stores_.push_back(at); }
  // Asked for, and nobody knows whether it was there.
  void perhaps_used(const std::string& key, std::size_t at);
  // It was there. False: then something that has vanished cannot have been evicted.
  bool seen(const std::string& key, std::size_t at);
  // It was not, and nothing but an eviction explains that. False: no eviction does, either.
  bool vanished(const std::string& key, std::size_t at);

 private:
  // From one store of a key to its last use before the next one.
  struct Life {
    std::size_t stored = 0;
    std::size_t seen = 0;           // still there
    std::vector<std::size_t> uses;  // at most these, in order
  };
  struct Key {
    std::vector<Life> lives;
    std::size_t surely_seen = 0;
  };
  // What vanished, and the stores that may have taken it.
  struct Vanished {
    std::string key;
    std::size_t used = 0;  // last, at least
    std::vector<std::size_t> stores;
  };

  bool survives(const Life& life, std::size_t store, const Vanished& gone) const;
  void begin_life(const std::string& key, std::size_t at);

  Eviction rule_;
  std::vector<std::size_t> stores_;
  std::map<std::string, Key> keys_;
  std::vector<Vanished> vanished_;
};

// The same over the calls of a run, with a model of each key without evictions, which says what needs one. Faults, and
// requests that overlap, are not for it.
class EvictionJudge {
 public:
  EvictionJudge(CacheRules rules, const ClockTimeline& clock, const ValueTable& values);

  // False: what vanished so far cannot have been evicted as declared.
  bool apply(const CacheCall& call, std::size_t at);

 private:
  bool apply_read(const CacheCall& call, std::vector<KeyState> next, std::size_t at);

  VolatileKeyModel model_;
  EvictionOrder order_;
  std::map<std::string, std::vector<KeyState>> states_;
  bool is_off_ = false;  // something happened that it does not understand
};

}  // namespace assay::conformance
