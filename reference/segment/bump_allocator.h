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

// Hands out a segment's bytes from front to back and takes none back until a restart (SC-ALL-01). Stands in the
// segment.
//
// The whole state is one word, changed by one store: a reader of usage() sees parts that add up at every moment, and so
// does the survivor of a process that was killed at any instruction (GU-RES-01).
//
// usage(), position() and wasted() may be called by anybody at any time. All others need the segment's write lock.
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

  // total: a multiple of 8, at most kMaximumTotal; start: the bytes at the front that are in use for good, a multiple
  // of 8.
  void initialize(std::uint64_t total, std::uint64_t start);

  // The offset of a block, a multiple of 64, or nothing when it does not fit; then nothing has changed.
  std::optional<std::uint64_t> allocate(std::uint64_t bytes);
  // The same without the alignment: an offset that is a multiple of 8, for strings.
  std::optional<std::uint64_t> allocate_packed(std::uint64_t bytes);

  // Sets both numbers at once: how recovery puts the state right, and a restart back to the start.
  void set(std::uint64_t position, std::uint64_t wasted);
  void waste(std::uint64_t bytes) { set(position(), wasted() + bytes); }

  std::uint64_t position() const { return unpack_position(load()); }
  std::uint64_t wasted() const { return unpack_wasted(load()); }
  std::uint64_t free() const { return total_ - position(); }
  std::uint64_t total() const { return total_; }
  MemoryUsage usage() const;

 private:
  static constexpr std::uint64_t round_up(std::uint64_t bytes, std::uint64_t unit) {
    return (bytes + unit - 1) / unit * unit;
  }
  static std::uint64_t unpack_position(std::uint64_t word) { return (word >> 32) * kGranularity; }
  static std::uint64_t unpack_wasted(std::uint64_t word) { return (word & 0xffffffffu) * kGranularity; }
  std::uint64_t load() const { return state_.load(std::memory_order_acquire); }

  std::uint64_t total_ = 0;
  // Position in the upper half, wasted in the lower, both in units of kGranularity.
  std::atomic<std::uint64_t> state_{0};
};
static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

}  // namespace assay::reference
