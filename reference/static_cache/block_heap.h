#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace assay::reference {

// Room for payload that can be given back, in units of 32 bytes, with one bit a unit. Lowest fitting place first. What was
// refused is refused again at no cost until something is given back.
//
// The bits are all it knows, so a writer that finds them in doubt (after another one died) makes them anew from what is
// reachable: reset(), then reserve() for each block in use.
//
// This object is one process's view of a heap in a segment. used_units() may be read at any time; the rest needs the
// segment's write lock.
class BlockHeap {
 public:
  static constexpr std::size_t kUnit = 32;
  static constexpr std::uint64_t units_for(std::uint64_t bytes) { return (bytes + kUnit - 1) / kUnit; }

  BlockHeap() = default;
  // memory: zeroed, aligned to 64. The bits take about 1/257 of it.
  BlockHeap(std::byte* memory, std::uint64_t bytes);

  // The number of the first of `units` units that belong together, never 0; nothing when there is no such room.
  std::optional<std::uint32_t> allocate(std::uint64_t units);
  void release(std::uint32_t first, std::uint64_t units);

  void reset();
  void reserve(std::uint32_t first, std::uint64_t units);

  std::byte* at(std::uint32_t unit) const { return payload_ + unit * kUnit; }
  // True when the units are inside: for a reader that holds numbers that may be torn.
  bool contains(std::uint64_t first, std::uint64_t units) const {
    return first >= 1 && first < unit_count_ && units <= unit_count_ - first;
  }
  std::uint64_t capacity_units() const { return unit_count_ == 0 ? 0 : unit_count_ - 1; }
  std::uint64_t used_units() const { return header_->used.load(std::memory_order_acquire); }

 private:
  struct Header {
    std::atomic<std::uint64_t> used;
    std::uint64_t lowest_free;  // no unit below is free
    std::uint64_t refused;      // so many units were not found, and nothing was given back since; 0: not known
  };
  static constexpr std::uint64_t kBits = 64;

  std::optional<std::uint64_t> find_run(std::uint64_t units) const;
  void set_bits(std::uint64_t first, std::uint64_t units, bool used);

  Header* header_ = nullptr;
  std::uint64_t* bits_ = nullptr;
  std::byte* payload_ = nullptr;
  std::uint64_t unit_count_ = 0;  // unit 0 is never given out: 0 means "no block"
};

}  // namespace assay::reference
