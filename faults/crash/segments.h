#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "faults/crash/result.h"

namespace assay::crash {

// One shared memory segment as a process has it mapped.
struct Segment {
  std::uint64_t address = 0;
  std::size_t size = 0;
  std::string identity;  // device and inode: the same in every process that shares it
  std::string name;      // as procfs shows it: "/dev/zero (deleted)", "/SYSV...", "/memfd:..."

  std::uint64_t end() const { return address + size; }
  bool contains(std::uint64_t at) const { return at >= address && at < end(); }
};

// Bytes of a page, in which the kernel maps memory and protects it.
inline constexpr std::size_t kPage = 4096;

// Smaller ones hold no cache (a process manager's scoreboard, for example).
inline constexpr std::size_t kSmallestSegment = 64 << 10;

// The shared, writable memory without a file that a process has mapped: anonymous, System V, POSIX and memfd segments
// of at least `smallest` bytes, in the order of their addresses. Mapped files (a control block) are not memory that
// dies with the runtime, and are left out. Parts of one segment that lie side by side are one segment here.
// Error: no such process, or not ours to see (refused).
Expected<std::vector<Segment>> shared_segments(pid_t pid, std::size_t smallest = kSmallestSegment);

// The same from the text of a procfs maps file.
std::vector<Segment> segments_from_maps(const std::string& maps, std::size_t smallest);

// Code that a process has mapped: a program or a library.
struct Code {
  std::uint64_t address = 0;
  std::uint64_t end = 0;
  std::uint64_t offset = 0;  // of its first byte in the file
};
Expected<std::vector<Code>> mapped_code(pid_t pid);
// The place of an instruction in its file, the same wherever the file is mapped; the address itself outside of any.
std::uint64_t place_in_file(const std::vector<Code>& code, std::uint64_t address);

}  // namespace assay::crash
