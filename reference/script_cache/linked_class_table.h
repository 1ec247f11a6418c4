#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "reference/php/compiler/linked_class.h"

namespace assay::reference {

// The linked classes of a segment by their class (SC-PER-10): a view of an array of chains that stands in the segment. A chain
// begins with its newest class, each knows the one before it; its beginning names the generation of the cache to which it
// belongs, so that a restart has nothing to clear.
//
// find() may be called by anybody who is registered as user. publish() needs the write lock; it is one store.
class LinkedClassTable {
 public:
  // Chains for a key table of so many slots, and what they take; zeroed they are empty.
  static std::uint64_t bytes_needed(std::uint32_t slots) { return chains_for(slots) * sizeof(std::uint64_t); }

  // `chains` is within the segment that begins at `segment`.
  LinkedClassTable(std::byte* chains, std::byte* segment, std::uint32_t slots);

  // The one of the class that was linked to exactly these bases; nullptr: none.
  const php::LinkedClass* find(std::uint64_t generation, const php::ClassData& type,
                               const php::List<const php::ClassData*>& ancestry) const;
  // `linked` stands in the segment.
  void publish(std::uint64_t generation, php::LinkedClass& linked);
  // Whether the newest class of a chain stands between these offsets.
  bool leads_between(std::uint64_t generation, std::uint64_t from, std::uint64_t to) const;

 private:
  static std::uint64_t chains_for(std::uint32_t slots);
  std::atomic<std::uint64_t>& chain_of(const php::ClassData& type) const;
  std::uint64_t offset_of(const void* address) const {
    return static_cast<std::uint64_t>(static_cast<const std::byte*>(address) - segment_);
  }
  php::LinkedClass* newest(std::uint64_t generation, std::uint64_t chain) const;

  std::atomic<std::uint64_t>* chains_;
  std::byte* segment_;
  std::uint64_t count_;  // a power of two
};

}  // namespace assay::reference
