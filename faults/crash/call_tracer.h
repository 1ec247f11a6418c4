#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "faults/crash/follow_request.h"

namespace assay::crash {

// The system calls of one request, by their numbers, from the first one after the request was received.
struct CallRecording {
  RequestEnd end = RequestEnd::idle;
  std::vector<std::int64_t> calls;
};

// Follows every system call of one process, which does no more than stop at each: what it changes outside of its memory
// (files, logs, locks, messages) is changed between two of these stops. The process must have one thread and must not
// fork. Used by one thread. Nothing stays stopped when it, or this program, ends.
class CallTracer {
 public:
  // Takes hold of an idle process. Error refused: ptrace is not allowed here.
  static Expected<std::unique_ptr<CallTracer>> attach(pid_t pid);

  // Lets the process go on while `operation` runs in a thread of its own: it makes the process work (sends it a
  // request) and returns when that is over. Then waits until the process is idle again. With `kill_after`, the process
  // is killed when that many calls are done, right before the next one (or when it is idle again).
  Expected<CallRecording> record(const std::function<void()>& operation, std::optional<std::size_t> kill_after = {});

  // Ends the process as a crash would, with all its calls done.
  void kill() { tracee_.kill(); }

 private:
  explicit CallTracer(Tracee tracee) : tracee_(std::move(tracee)) {}
  Expected<AfterStop> at_stop(const Tracee::Stop& stop, std::optional<std::size_t> kill_after);

  Tracee tracee_;
  bool received_ = false;  // it left the call in which it waited for the request
  // The latest call, and whether a signal interrupted it: the kernel enters it again, which is no new call.
  std::int64_t latest_ = -1;
  bool is_interrupted_ = false;
  CallRecording recording_;
};

// "openat", for people; a number where the name is not known here.
std::string name_of_call(std::int64_t number);

}  // namespace assay::crash
