#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>

#include "reference/static_cache/entry_store.h"
#include "reference/static_cache/known_entries.h"
#include "reference/static_cache/value_codec.h"

namespace assay::reference {

// The arrays and objects that one worker fetched: who fetches one again is given the same arrays, whose storage copies share
// until one of them is written to (ST-ENC-11, ST-ISO-03). So a fetch costs the same for every size of an array, and nobody
// can tell that from a new copy (ST-ISO-08). Only arrays of scalars, strings and such arrays: an object or a reference is
// the caller's own, each time. A value is known by the number that was stored with it, which no other has, and stays known to
// later requests.
//
// For one worker and one store, in the worker's thread. Holds at most about kMostBytes; then all of it goes.
class Prototypes final : public KnownEntries {
 public:
  static constexpr std::uint64_t kMostBytes = std::uint64_t{32} << 20;

  std::size_t size() const { return by_slot_.size(); }

  bool knows(std::uint8_t kind, std::size_t slot, std::uint64_t head) const override;

  struct Prototype {
    std::string bytes;  // as they are stored, the number first
    SharedParts parts;
  };
  // Of a value that was read with these as the known ones; null where there is none of it. The reference is good until
  // keep(), which what runs while an object is restored may call.
  const std::shared_ptr<const Prototype>& find(const StoredValue& stored) const;
  void keep(StoredValue stored, SharedParts parts);

 private:
  static std::uint64_t size_of(const Prototype& prototype);

  std::unordered_map<std::size_t, std::shared_ptr<const Prototype>> by_slot_;
  std::uint64_t bytes_ = 0;
};

}  // namespace assay::reference
