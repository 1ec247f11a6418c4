#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "faults/crash/segments.h"

namespace assay::crash {

// The bytes of one segment, for reading and writing from outside: what is written is seen by every process that shares
// it. Three ways, the best that the system allows: the mapping that this process has itself; a mapping made through
// procfs map_files (root); system calls that reach through a process that has it (same user). The last one is slower.
//
// Used by one thread, while no process writes. Movable; mapping and descriptor end with the
// object.
class SegmentMemory {
 public:
  // Error (refused): none of the ways is open; the message names them.
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

  // Whether these bytes stand there.
  Expected<bool> holds(std::size_t offset, std::span<const std::byte> bytes) const;
  // The pages (of 4096 bytes, by number, ascending) that may hold anything but zeros: those that somebody touched.
  // Asked without touching any; where it cannot be asked, all of them. As the file behind the mapping tells it, if it
  // can be opened; else a page that was swapped out seems untouched.
  // Valid until the next call.
  const std::vector<std::size_t>& touched_pages();

  // All bytes. Where the file behind the mapping can be asked, pages that nobody touched stay so: reading one makes it
  // a page of zeros, which every later restore would have to look at.
  Expected<std::vector<std::byte>> image() const;

  // Makes the memory equal to `image` (of size() bytes), writing only pages that differ. Answers how many did. Looks at
  // the pages `held` and at those that are touched now: REQUIRES that the image is zero everywhere else.
  Expected<std::size_t> restore(std::span<const std::byte> image, std::span<const std::size_t> held);

 private:
  SegmentMemory(std::byte* local, bool own_mapping, int descriptor, const Segment& segment, pid_t pid);
  std::vector<std::size_t> pages_of_file() const;
  std::vector<std::size_t> resident_pages() const;

  std::byte* local_;
  bool own_mapping_;  // to be unmapped
  int descriptor_;    // of the file behind it, or -1
  pid_t pid_;
  std::uint64_t address_;
  std::size_t size_;
  std::vector<std::byte> scratch_;
  std::vector<std::size_t> touched_;        // as last told
  std::optional<blkcnt_t> touched_blocks_;  // of the file, when it told so
};

}  // namespace assay::crash
