#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "conformance/models/cache_event.h"

namespace assay::conformance {

// Whether a cache that moves its blocks together (compaction = yes) may refuse a store (ST-FUL-02): not where it held more
// before than it would hold with this one, and as many entries at least. That needs no knowledge of how entries are stored,
// but that their memory is taken by the byte, rounded up to 64 for each.
//
// For one backend that evicts nothing, fed with its calls in their order. Texts and numbers without a time to live are all
// it understands: after anything else it allows everything.
class HeldRoom {
 public:
  // Why the call cannot be: nothing where it can.
  std::optional<std::string> complaint(const CacheCall& call, const ValueTable& values);

 private:
  struct Held {
    std::int64_t bytes = 0;
    std::int64_t entries = 0;
  };
  static constexpr std::int64_t kRounding = 64;

  static std::optional<std::int64_t> size_of(const Value& value);
  bool is_understood(const KeyEvent& event, const ValueTable& values) const;
  void store(const std::string& key, std::int64_t bytes);
  std::optional<std::string> refused(const std::string& key, std::int64_t bytes) const;

  std::map<std::string, std::int64_t> bytes_;  // of what is there, keys included
  Held now_;
  std::vector<Held> before_;  // of which none is less than another one in both
  bool is_off_ = false;
};

}  // namespace assay::conformance
