#pragma once

#include <sched.h>
#include <sys/types.h>

namespace assay {

// Keeps the calling thread on one processor, together with what it starts meanwhile or with one process that runs
// already: where two take turns, each turn is handed over in a third of the time. The destructor lets thread and process
// (not what the thread started) go where they could go before. Where the system refuses, nothing happens.
// REQUIRES: made and destroyed by the same thread.
class CpuPin {
 public:
  // On a processor that no other CpuPin of this machine made this way has, as long as there is such a one: else two tests
  // would share a processor and leave the next one idle.
  CpuPin();
  // On the processor where the calling thread is now, and the process with it (its main thread).
  explicit CpuPin(pid_t process);
  CpuPin(const CpuPin&) = delete;
  CpuPin& operator=(const CpuPin&) = delete;
  ~CpuPin();

  // -1: it may go anywhere.
  int number() const { return number_; }

 private:
  cpu_set_t before_, of_process_;
  pid_t process_ = 0;  // 0: the calling thread only
  int number_ = -1;
  int claim_ = -1;  // a socket: the name of the processor is ours while it is open
};

}  // namespace assay
