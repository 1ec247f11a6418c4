#pragma once

#include <atomic>
#include <cstdint>
#include <optional>

namespace assay::reference {

// How a segment's bytes are divided (SC-ALL-03). The three parts add up to the total, none is negative.
struct MemoryUsage {
  std::uint64_t total = 0;
  std::uint64_t used = 0;
  std::uint64_t free = 0;
  std::uint64_t wasted = 0;
};

// A part of a segment that no block crosses (SC-SEG-06). Offsets are those of the segment.
struct MemoryPiece {
  std::uint64_t begin;
  std::uint64_t end;
  std::atomic<std::uint64_t> position;  // what stands before it is taken
  std::uint64_t start;                  // where a restart puts the position
};

// Hands out the bytes of each piece of a segment from front to back, those of the first piece that has room, and takes none
// back until a restart (SC-ALL-01). Stands in the segment.
//
// What readers see is one word, changed by one store: the parts of usage() add up at every moment, and for the survivor of
// a process that was killed at any instruction (GU-RES-01). The positions of the pieces are for the holder of the write
// lock; after a death its next holder calls settle().
//
// usage(), taken(), free() and wasted() may be called by anybody at any time. All others need the segment's write lock.
class BumpAllocator {
 public:
  static constexpr std::uint64_t kGranularity = 8;
  // A block starts on a cache line, and one line is set aside for that whatever the position (SC-ALL-02).
  static constexpr std::uint64_t kBlockAlignment = 64;
  static constexpr std::uint64_t kMaximumTotal = kGranularity << 32;

  // What a request for so many bytes takes from the free part.
  static constexpr std::uint64_t cost_of(std::uint64_t bytes) {
    return round_up(bytes, kGranularity) + kBlockAlignment;
  }

  // How many pieces so many bytes have.
  static constexpr std::uint64_t count_of_pieces(std::uint64_t total, std::uint64_t piece_size) {
    return (total + piece_size - 1) / piece_size;
  }

  // total: at most kMaximumTotal; each piece but the last has `piece_size` bytes; start: the bytes at the front that are
  // in use for good. All are multiples of 8. `pieces` has room for count_of_pieces() and is borrowed; it stands in the
  // segment too.
  void initialize(std::uint64_t total, std::uint64_t piece_size, std::uint64_t start, MemoryPiece* pieces);

  // The offset of a block, a multiple of 64, or nothing when no piece has room for it; then nothing has changed.
  std::optional<std::uint64_t> allocate(std::uint64_t bytes);
  // The same without the alignment: an offset that is a multiple of 8, for strings.
  std::optional<std::uint64_t> allocate_packed(std::uint64_t bytes);

  // What the latest allocation took: from where to where.
  std::uint64_t latest_begin() const { return latest_.load(std::memory_order_relaxed); }
  std::uint64_t latest_end() const;
  // Puts the word right where an allocation was cut off.
  void settle();
  void set_wasted(std::uint64_t wasted) { set(taken(), wasted); }
  // What is taken now stays taken: restart() goes back to here. Once, before anybody else uses it.
  void keep();
  // May be done again after it was cut off.
  void restart();

  std::uint64_t taken() const { return unpack_taken(load()); }
  std::uint64_t wasted() const { return unpack_wasted(load()); }
  std::uint64_t free() const { return total_ - taken(); }
  std::uint64_t total() const { return total_; }
  MemoryUsage usage() const;

 private:
  static constexpr std::uint64_t round_up(std::uint64_t bytes, std::uint64_t unit) {
    return (bytes + unit - 1) / unit * unit;
  }
  static std::uint64_t unpack_taken(std::uint64_t word) { return (word >> 32) * kGranularity; }
  static std::uint64_t unpack_wasted(std::uint64_t word) { return (word & 0xffffffffu) * kGranularity; }
  std::uint64_t load() const { return state_.load(std::memory_order_acquire); }
  void set(std::uint64_t taken, std::uint64_t wasted);
  MemoryPiece* piece_with(std::uint64_t room) const;
  std::optional<std::uint64_t> take(std::uint64_t room);
  std::uint64_t taken_of_pieces() const;

  std::uint64_t total_ = 0;
  MemoryPiece* pieces_ = nullptr;
  std::uint64_t count_ = 0;
  // Taken in the upper half, wasted in the lower, both in units of kGranularity.
  std::atomic<std::uint64_t> state_{0};
  std::atomic<std::uint64_t> latest_{0};
};
static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

}  // namespace assay::reference
