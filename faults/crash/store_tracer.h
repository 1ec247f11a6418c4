#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "faults/crash/follow_request.h"
#include "faults/crash/segment_memory.h"
#include "faults/crash/store_log.h"

namespace assay::crash {

// What became of a process whose stores were followed.
struct Recording {
  RequestEnd end = RequestEnd::idle;
  StoreLog log;
};

// Follows every store of one process into its shared segments: they are write-protected in that process alone (a
// mprotect carried out in it), each attempt to write stops it, the one instruction is let through, and what it changed
// is found by comparing with a shadow copy. Any number of other processes may have the segments mapped, but none may
// write meanwhile, and the process must have one thread and must not fork.
//
// A repeated string instruction counts as one store. Stores by the kernel into the segment (a read() into shared
// memory) fail as for any read-only memory. What the kernel marks for a dead owner of a robust futex is noted for each store. Used by one thread. Nothing stays stopped when it, or this program, ends.
class StoreTracer {
 public:
  // Takes hold of an idle process. Error refused: ptrace is not allowed here.
  static Expected<std::unique_ptr<StoreTracer>> attach(pid_t pid, const std::vector<Segment>& segments);
  ~StoreTracer();

  // Lets the process go on while `operation` runs in a thread of its own: it makes the process work (sends it a
  // request) and returns when that is over. Then waits until the process is idle again. With `kill_after`, the process
  // is killed when that many stores are done, right before the next one (or when it is idle again); the log then has no
  // base, and of each store only its instruction and where it went.
  Expected<Recording> record(const std::function<void()>& operation, std::optional<std::size_t> kill_after = {});

  // Ends the process as a crash would, with all its stores done.
  void kill() { tracee_.kill(); }

 private:
  StoreTracer(Tracee tracee, std::vector<Segment> segments, std::vector<SegmentMemory> memory);

  Expected<void> protect(std::uint64_t from, std::uint64_t to, int protection);
  Expected<void> protect_all(int protection);
  Expected<void> take_shadow();
  std::vector<std::vector<std::byte>> base_from_shadow();
  Expected<AfterStop> at_stop(const Tracee::Stop& stop, std::optional<std::size_t> kill_after);
  Expected<AfterStop> store(std::uint64_t address, std::optional<std::size_t> kill_after);
  Expected<void> let_through(std::uint64_t address, std::uint64_t from, std::uint64_t to, std::uint64_t until);
  Expected<void> note(Store store, std::uint64_t from, std::uint64_t to);
  Expected<void> check_shadow();
  Expected<void> note_robust_words();
  std::optional<std::uint32_t> segment_of(std::uint64_t address) const;

  Tracee tracee_;
  std::vector<Segment> segments_;
  std::vector<SegmentMemory> memory_;
  std::vector<std::vector<std::byte>> shadow_;
  std::vector<Code> code_;
  bool protected_ = false;
  bool is_counting_ = false;  // the stores are followed only as far as the kill
  Recording recording_;
};

}  // namespace assay::crash
