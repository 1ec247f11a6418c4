#pragma once

#include <sys/mman.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "reference/tests/lock/process_harness.h"

namespace assay::reference {

// One page shared with children: what they report.
class SharedFlags {
 public:
  SharedFlags()
      : flags_(static_cast<std::atomic<int>*>(
            mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0))) {}
  ~SharedFlags() { munmap(flags_, 4096); }
  std::atomic<int>& operator[](int index) { return flags_[index]; }
  // Waits until the flag is not 0 any more; false where that takes too long.
  bool wait(int index) {
    const auto limit = std::chrono::steady_clock::now() + kPatience;
    while (flags_[index] == 0) {
      if (std::chrono::steady_clock::now() > limit) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return true;
  }

 private:
  std::atomic<int>* flags_;
};

inline void kill_and_reap(pid_t child) {
  kill(child, SIGKILL);
  reap(child);
}

}  // namespace assay::reference
