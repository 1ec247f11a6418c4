#pragma once

// What the wrappers of the interposer share. The library is loaded into programs that know nothing of it, so: no
// libstdc++ at run time, no allocation, no lock, no descriptor kept, nothing that a forked child could find half done.

#include <cerrno>
#include <cstdint>

#include "faults/points/evaluate.h"
#include "faults/points/layout.h"

namespace assay::interposer {

// The places that wrappers visit, in the order of places.def.
enum class Place : std::uint32_t {
#define ASSAY_PLACE(identifier, name) identifier,
#include "faults/interposer/places.def"
#undef ASSAY_PLACE
  count_of_places
};

inline constexpr std::uint32_t kPlaces = static_cast<std::uint32_t>(Place::count_of_places);

// The state of this process. Written by the constructor (and `forked` by the fork handler), read by wrappers.
struct State {
  points::Layout* block = nullptr;      // null: every wrapper only passes through
  std::uint32_t entries[kPlaces] = {};  // index of each place in the block, or points::kNoPoint
  bool forked = false;                  // this process is a child of the one the library was loaded into
  bool freeze_monotonic = false;        // ASSAY_FREEZE_MONOTONIC=1: also without a fork
  bool die_with_parent = false;         // ASSAY_DIE_WITH_PARENT=1
  bool refuse_huge_pages = false;       // the machine has huge pages: behave as one that has none
  std::int32_t parent = 0;              // set before each fork
};

extern State state;

const char* name_of(Place place);

// Counts the visit and carries out what the plan says: the errno to fail with, or 0. errno is left alone.
inline int visit(Place place) {
  if (state.block == nullptr) return 0;
  const std::uint32_t index = state.entries[static_cast<std::uint32_t>(place)];
  if (index == points::kNoPoint) return 0;
  state.block->entries[index].reached.fetch_add(1, std::memory_order_relaxed);
  const std::uint32_t armed = state.block->armed.load(std::memory_order_acquire);
  if (armed == 0) return 0;
  return points::visit_entry(*state.block, index, name_of(place), armed, points::kNoWorker).error;
}

// True when a wrapped call at `place` shall fail; errno is then set.
inline bool fails(Place place) {
  const int error = visit(place);
  if (error != 0) errno = error;
  return error != 0;
}

// Called by every wrapper that changes the user or group: the kernel forgets the parent-death signal then.
void renew_parent_death_signal();

}  // namespace assay::interposer
