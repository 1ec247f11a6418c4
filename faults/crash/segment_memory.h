#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "faults/crash/segments.h"

namespace assay::crash {

// The bytes of one segment, for reading and writing from outside: what is written is seen by every process that shares
// it. Three ways, the best that the system allows: the mapping that this process has itself; a mapping made through
// procfs map_files (root); system calls that reach through a process that has it (same user). The last one is slower.
//
// Used by one thread, while no process writes. Movable; the mapping ends with the object.
class SegmentMemory {
 public:
  // Error (kRefused): none of the ways is open; the message names them.
  static Expected<SegmentMemory> open(pid_t pid, const Segment& segment);
  SegmentMemory(SegmentMemory&& other) noexcept;
  SegmentMemory& operator=(SegmentMemory&&) = delete;
  ~SegmentMemory();

  std::size_t size() const { return size_; }
  // Whether it needs a living process to reach through.
  bool is_remote() const { return local_ == nullptr; }
  // From now on through this process, which must have the segment mapped at the same address (forked from one parent).
  void reach_through(pid_t pid) { pid_ = pid; }

  Expected<void> read(std::size_t offset, std::span<std::byte> into) const;
  Expected<void> write(std::size_t offset, std::span<const std::byte> bytes);

  // Makes the memory equal to `image` (of size() bytes), touching only pages that differ. Answers how many did.
  Expected<std::size_t> restore(std::span<const std::byte> image);

 private:
  SegmentMemory(std::byte* local, bool own_mapping, const Segment& segment, pid_t pid);

  std::byte* local_;
  bool own_mapping_;  // to be unmapped
  pid_t pid_;
  std::uint64_t address_;
  std::size_t size_;
  std::vector<std::byte> scratch_;
};

}  // namespace assay::crash
