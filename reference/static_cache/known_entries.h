#pragma once

#include <cstddef>
#include <cstdint>

#include "reference/static_cache/slot_word.h"

namespace assay::reference {

// Which value of which key: where its slot is, the word in it, and how often the store had changed by then. A slot does
// not have the same word twice within so many changes (slot_word.h).
struct EntryVersion {
  std::size_t slot = 0;
  std::uint64_t word = 0;
  std::uint64_t changes = 0;

  // Whether the value is still the one that this, which was read before, tells of.
  bool is_still(const EntryVersion& now) const {
    return slot == now.slot && word == now.word && now.changes - changes < slot_word::kChangesUntilRepeat;
  }
};

// What a reader has already: the store does not copy it out again.
class KnownEntries {
 public:
  virtual ~KnownEntries() = default;
  // `kind` is that of the value (StoredValue). Called while the entry may be changing: only `now` is looked at.
  virtual bool knows(std::uint8_t kind, const EntryVersion& now) const = 0;
};

}  // namespace assay::reference
