#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <vector>

#include "faults/crash/segment_memory.h"

namespace assay::crash {

// What one segment held at a moment, to be put back as often as wanted, in a time that grows with what was ever
// touched, not with the segment.
//
// Used by one thread, while no process writes. Movable.
class SegmentSnapshot {
 public:
  static Expected<SegmentSnapshot> take(SegmentMemory memory);

  // The segment holds again what it held when the snapshot was taken.
  Expected<void> put_back();

 private:
  explicit SegmentSnapshot(SegmentMemory memory) : memory_(std::move(memory)) {}
  Expected<void> put_back_page(std::size_t page, std::span<const std::byte> bytes);

  SegmentMemory memory_;
  std::map<std::size_t, std::vector<std::byte>> pages_;  // by number; the others held zeros
};

}  // namespace assay::crash
