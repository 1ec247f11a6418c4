#include "reference/segment/bump_allocator.h"

#include "faults/points/point.h"

namespace assay::reference {

void BumpAllocator::initialize(std::uint64_t total, std::uint64_t start) {
  total_ = total;
  set(start, 0);
}

std::optional<std::uint64_t> BumpAllocator::allocate(std::uint64_t bytes) {
  if (points::point("segment/allocate") != 0) return std::nullopt;
  const std::uint64_t room = free();
  // Compared without adding, so that no request is too large for the arithmetic.
  if (bytes > room || cost_of(bytes) > room) return std::nullopt;
  const std::uint64_t start = position();
  set(start + cost_of(bytes), wasted());
  points::point("segment/allocated");
  return round_up(start, kBlockAlignment);
}

std::optional<std::uint64_t> BumpAllocator::allocate_packed(std::uint64_t bytes) {
  if (points::point("segment/allocate") != 0) return std::nullopt;
  const std::uint64_t room = free();
  if (bytes > room || round_up(bytes, kGranularity) > room) return std::nullopt;
  const std::uint64_t start = position();
  set(start + round_up(bytes, kGranularity), wasted());
  points::point("segment/allocated");
  return start;
}

void BumpAllocator::set(std::uint64_t position, std::uint64_t wasted) {
  const std::uint64_t word = (position / kGranularity) << 32 | wasted / kGranularity;
  state_.store(word, std::memory_order_release);
}

MemoryUsage BumpAllocator::usage() const {
  const std::uint64_t word = load();
  const std::uint64_t position = unpack_position(word);
  const std::uint64_t wasted = unpack_wasted(word);
  return {.total = total_, .used = position - wasted, .free = total_ - position, .wasted = wasted};
}

}  // namespace assay::reference
