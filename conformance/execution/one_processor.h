#pragma once

#include <sched.h>

namespace assay::conformance {

// Keeps the calling thread, and the threads and processes that it starts meanwhile, on the processor where it is now.
// Where they take turns anyhow, each turn is handed over in a third of the time. The destructor lets the thread (not what
// it started) go where it could go before. Where the system refuses, nothing happens.
class OneProcessor {
 public:
  OneProcessor() {
    const int here = ::sched_getcpu();
    if (here < 0 || here >= CPU_SETSIZE || ::sched_getaffinity(0, sizeof before_, &before_) != 0) return;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(static_cast<std::size_t>(here), &one);
    is_kept_ = ::sched_setaffinity(0, sizeof one, &one) == 0;
  }
  OneProcessor(const OneProcessor&) = delete;
  OneProcessor& operator=(const OneProcessor&) = delete;
  ~OneProcessor() {
    if (is_kept_) ::sched_setaffinity(0, sizeof before_, &before_);
  }

 private:
  cpu_set_t before_;
  bool is_kept_ = false;
};

}  // namespace assay::conformance
