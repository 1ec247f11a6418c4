#pragma once

#include <cstddef>
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
// own, each time. An array is known by the number that was stored with it, which no other has, and stays known to later requests.
//
// For one worker and one store, in the worker's thread. Holds at most about kMostBytes; then all of it goes.
class Prototypes final : public KnownEntries {
 public:
  static constexpr std::uint64_t kMostBytes = std::uint64_t{32} << 20;

  std::size_t size() const { return by_slot_.size(); }

  bool knows(std::uint8_t kind, std::size_t slot, std::uint64_t head) const override;

  struct Prototype {
    std::string bytes;  // as they are stored, the number first
    Value value;
    std::uint64_t request_bytes = 0;  // what the value needs of a request's memory
  };
  // Of an array that was read with these as the known ones; nullptr where there is none of it. Good until keep().
  const Prototype* find(const StoredValue& stored);
  void keep(StoredValue stored, const Value& value, std::uint64_t request_bytes);

 private:
  std::unordered_map<std::size_t, Prototype> by_slot_;
  std::uint64_t bytes_ = 0;
};

}  // namespace assay::reference
