#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "reference/php/value/value.h"
#include "reference/static_cache/entry_store.h"
#include "reference/static_cache/known_entries.h"

namespace assay::reference {

// The arrays that one worker fetched, as values: who fetches one again is given the same, whose storage copies share until
// one of them is written to (ST-ENC-11, ST-ISO-03). So a fetch costs the same for every size, and nobody can tell that
// from a new copy (ST-ISO-08). Only of scalars, strings and such arrays: an object or a reference inside is the caller's
// own, each time.
//
// Within a request an array is known by its entry's version. What an earlier request left counts once its bytes were seen to
// be the same: a version says nothing where somebody put a segment of former days in place.
//
// For one worker and one store, in the worker's thread. Holds at most about kMostBytes; then all of it goes.
class Prototypes final : public KnownEntries {
 public:
  static constexpr std::uint64_t kMostBytes = std::uint64_t{32} << 20;

  void begin_request() { ++request_; }
  std::size_t size() const { return by_slot_.size(); }

  bool knows(std::uint8_t kind, const EntryVersion& now) const override;

  struct Prototype {
    EntryVersion version;
    std::string bytes;
    Value value;
    std::uint64_t request_bytes = 0;  // what the value needs of a request's memory
    std::uint64_t request = 0;        // the last one in which it was known to hold
  };
  // Of an array that was read with these as the known ones; nullptr where there is none of it. Good until keep().
  const Prototype* find(const StoredValue& stored);
  void keep(StoredValue stored, const Value& value, std::uint64_t request_bytes);

 private:
  std::unordered_map<std::size_t, Prototype> by_slot_;
  std::uint64_t bytes_ = 0;
  std::uint64_t request_ = 0;
};

}  // namespace assay::reference
