#pragma once

#include <cstddef>
#include <cstdint>

namespace assay::reference {

// What a reader has already: the store does not copy it out again.
class KnownEntries {
 public:
  virtual ~KnownEntries() = default;
  // `kind` is that of the value (StoredValue), `head` its first eight bytes. Called while the entry may be changing: only
  // these are looked at.
  virtual bool knows(std::uint8_t kind, std::size_t slot, std::uint64_t head) const = 0;
};

}  // namespace assay::reference
