#pragma once

#include <sched.h>

namespace assay::conformance {

// Keeps the calling thread, and the threads and processes that it starts meanwhile, on one processor. Where they take
// turns anyhow, each turn is handed over in a third of the time. It is one that no other CpuPin of this machine
// has, as long as there is such a one: else two tests would share a processor and leave the next one idle. The
// destructor lets the thread (not what it started) go where it could go before. Where the system refuses, nothing
// happens.
class CpuPin {
 public:
  CpuPin();
  CpuPin(const CpuPin&) = delete;
  CpuPin& operator=(const CpuPin&) = delete;
  ~CpuPin();

  // -1: it may go anywhere.
  int number() const { return number_; }

 private:
  cpu_set_t before_;
  int number_ = -1;
  int claim_ = -1;  // a socket: the name of the processor is ours while it is open
};

}  // namespace assay::conformance
