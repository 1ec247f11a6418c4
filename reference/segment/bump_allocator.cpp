#include "reference/segment/bump_allocator.h"

#include <algorithm>
#include <new>

#include "faults/points/point.h"

namespace assay::reference {

void BumpAllocator::initialize(std::uint64_t total, std::uint64_t piece_size, std::uint64_t start,
                               MemoryPiece* pieces) {
  total_ = total;
  pieces_ = pieces;
  count_ = count_of_pieces(total, piece_size);
  for (std::uint64_t i = 0; i < count_; ++i) {
    const std::uint64_t begin = i * piece_size;
    const std::uint64_t end = std::min(begin + piece_size, total);
    const std::uint64_t position = std::clamp(start, begin, end);
    new (pieces_ + i) MemoryPiece{begin, end, {position}, position};
  }
  set(start, 0);
}

std::optional<std::uint64_t> BumpAllocator::allocate(std::uint64_t bytes) {
  if (points::point("segment/allocate") != 0) return std::nullopt;
  // Compared before it is added to, so that no request is too large for the arithmetic.
  if (bytes > total_) return std::nullopt;
  const auto start = take(cost_of(bytes));
  if (!start) return std::nullopt;
  return round_up(*start, kBlockAlignment);
}

std::optional<std::uint64_t> BumpAllocator::allocate_packed(std::uint64_t bytes) {
  if (points::point("segment/allocate") != 0) return std::nullopt;
  if (bytes > total_) return std::nullopt;
  return take(round_up(bytes, kGranularity));
}

// Where it is, is said before it is taken: who comes after a death in between finds it (GU-RES-03).
std::optional<std::uint64_t> BumpAllocator::take(std::uint64_t room) {
  MemoryPiece* piece = piece_with(room);
  if (piece == nullptr) return std::nullopt;
  const std::uint64_t start = piece->position.load(std::memory_order_relaxed);
  latest_.store(start, std::memory_order_relaxed);
  piece->position.store(start + room, std::memory_order_release);
  set(taken() + room, wasted());
  points::point("segment/allocated");
  return start;
}

MemoryPiece* BumpAllocator::piece_with(std::uint64_t room) const {
  const auto found = std::find_if(pieces_, pieces_ + count_, [room](const MemoryPiece& piece) {
    return room <= piece.end - piece.position.load(std::memory_order_relaxed);
  });
  return found == pieces_ + count_ ? nullptr : found;
}

std::uint64_t BumpAllocator::latest_end() const {
  const std::uint64_t begin = latest_begin();
  const auto piece = std::find_if(pieces_, pieces_ + count_, [begin](const auto& each) { return begin < each.end; });
  return piece == pieces_ + count_ ? begin : piece->position.load(std::memory_order_relaxed);
}

std::uint64_t BumpAllocator::taken_of_pieces() const {
  std::uint64_t sum = 0;
  for (std::uint64_t i = 0; i < count_; ++i)
    sum += pieces_[i].position.load(std::memory_order_relaxed) - pieces_[i].begin;
  return sum;
}

void BumpAllocator::settle() {
  set(taken_of_pieces(), wasted());
}

void BumpAllocator::keep() {
  for (std::uint64_t i = 0; i < count_; ++i) pieces_[i].start = pieces_[i].position.load(std::memory_order_relaxed);
}

// The word comes last: a reader sees it as it was or as it will be.
void BumpAllocator::restart() {
  for (std::uint64_t i = 0; i < count_; ++i) pieces_[i].position.store(pieces_[i].start, std::memory_order_relaxed);
  set(taken_of_pieces(), 0);
}

void BumpAllocator::set(std::uint64_t taken, std::uint64_t wasted) {
  const std::uint64_t word = (taken / kGranularity) << 32 | wasted / kGranularity;
  state_.store(word, std::memory_order_release);
}

MemoryUsage BumpAllocator::usage() const {
  const std::uint64_t word = load();
  const std::uint64_t taken = unpack_taken(word);
  const std::uint64_t wasted = unpack_wasted(word);
  return {.total = total_, .used = taken - wasted, .free = total_ - taken, .wasted = wasted};
}

}  // namespace assay::reference
