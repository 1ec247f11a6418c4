#pragma once

#include <sys/types.h>

#include <string>

namespace assay::crash {

// Tells, by looks that the caller spaces out, that one process sleeps until somebody else lets go of a lock: in futex,
// fcntl, flock or semop, without a time limit. Sees its first thread, and no lock that is waited for by sleeping and looking
// again. Where the system does not let us see it is never asleep. Used by one thread.
class LockWait {
 public:
  // How many looks in a row have to find it in the same call: a lock that is merely contended is free sooner.
  static constexpr int kLooks = 4;

  explicit LockWait(pid_t pid) : file_("/proc/" + std::to_string(pid) + "/syscall") {}

  // Another look; true where it was the last of kLooks that found it asleep.
  bool look();

 private:
  std::string file_;
  std::string last_;
  int alike_ = 0;
};

}  // namespace assay::crash
