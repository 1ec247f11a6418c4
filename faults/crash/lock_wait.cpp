#include "faults/crash/lock_wait.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <sys/syscall.h>

#include <cstdint>
#include <fstream>
#include <sstream>

namespace assay::crash {
namespace {

bool waits_for_futex(std::uint64_t operation, std::uint64_t timeout) {
  const std::uint64_t what = operation & FUTEX_CMD_MASK;
  return timeout == 0 && (what == FUTEX_WAIT || what == FUTEX_WAIT_BITSET || what == FUTEX_LOCK_PI);
}

// A line of /proc/PID/syscall: the number of the call, six arguments, two registers; or "running".
bool waits_for_lock(const std::string& line) {
  std::istringstream words(line);
  long number = -1;
  std::uint64_t arguments[6] = {};
  words >> number >> std::hex;
  for (std::uint64_t& argument : arguments) {
    std::string word;
    words >> word;
    argument = word.empty() ? 0 : std::stoull(word, nullptr, 16);
  }
  switch (number) {
    case SYS_futex:
      return waits_for_futex(arguments[1], arguments[3]);
    case SYS_fcntl:
      return arguments[1] == F_SETLKW || arguments[1] == F_OFD_SETLKW;
    case SYS_flock:
    case SYS_semop:
      return true;
    default:
      return false;
  }
}

}  // namespace

bool LockWait::look() {
  std::string line;
  std::getline(std::ifstream(file_), line);
  alike_ = !waits_for_lock(line) ? 0 : line == last_ ? alike_ + 1 : 1;
  last_ = std::move(line);
  return alike_ >= kLooks;
}

}  // namespace assay::crash
