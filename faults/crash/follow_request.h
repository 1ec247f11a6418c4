#pragma once

#include <chrono>
#include <functional>

#include "faults/crash/tracee.h"

namespace assay::crash {

// How long a process may take until it is idle, before a request and after it.
inline constexpr std::chrono::seconds kIdleLimit{10};

// What became of a process that was followed through a request.
enum class RequestEnd {
  idle,    // it finished, is stopped in its idle system call, and would go on
  killed,  // by us, where that was asked for
  died,    // by itself
};

// What happens to a process that stopped.
enum class AfterStop {
  go_on,      // with the signal that it stopped for, if it did for one
  take_away,  // it goes on and never sees the signal
  kill,       // it ends here
};

// What a tracer does with the process that it follows.
struct FollowedBy {
  // Lets it run to the next stop; `signal` as in Tracee::resume().
  std::function<Expected<void>(int signal)> resume;
  // Called at each stop of the living process but for a SIGURG, of which it needs to know nothing.
  std::function<Expected<AfterStop>(const Tracee::Stop& stop)> at_stop;
  // Whether the process is killed once it is idle again.
  bool kill_at_end = false;
};

// Takes hold of an idle process, waiting for it to become idle. Error refused: ptrace is not allowed here.
Expected<Tracee> attach_when_idle(pid_t pid);

// Follows a stopped process through one request: it goes on while `operation` runs in a thread of its own, makes the
// process work (sends it the request) and returns when that is over. Then until the process is idle again, or gone.
// That `operation` is over this thread learns by a SIGURG to the process, which ignores it as is the default.
// After an error once `operation` has begun the process is dead, so that `operation` got an end, too.
Expected<RequestEnd> follow_request(Tracee& tracee, const std::function<void()>& operation, const FollowedBy& by);

}  // namespace assay::crash
