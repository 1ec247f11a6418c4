#include "conformance/execution/outside_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <sstream>
#include <thread>

#include "support/time/time_budget.h"

namespace assay::conformance {
namespace {

constexpr std::chrono::seconds kHeldLimit{10};
constexpr std::chrono::microseconds kLook{200};

}  // namespace

Expected<void> OutsideLock::take(const LockBytes& bytes, const std::string& lock, bool shared) {
  if (lock != "write" && lock != "usage") return failure(fmt::format("there is no lock \"{}\": write, usage", lock));
  if (!holds()) file_ = ::open(bytes.file.c_str(), O_RDWR | O_CLOEXEC);
  if (!holds()) return failure(fmt::format("cannot open {}: {}", bytes.file.string(), std::strerror(errno)));
  struct flock record = {};
  record.l_type = shared ? F_RDLCK : F_WRLCK;
  record.l_whence = SEEK_SET;
  record.l_start = lock == "write" ? bytes.write : bytes.usage;
  record.l_len = 1;
  TimeBudget budget(kHeldLimit);
  while (::fcntl(file_, F_SETLK, &record) != 0) {
    if (errno != EAGAIN && errno != EACCES)
      return failure(fmt::format("cannot lock {}: {}", bytes.file.string(), std::strerror(errno)));
    if (const auto left = budget.look(); left != TimeBudget::State::left)
      return too_late(left, fmt::format("the lock \"{}\" is never free", lock));
    std::this_thread::sleep_for(kLook);
  }
  return {};
}

void OutsideLock::let_go() {
  if (holds()) ::close(file_);
  file_ = -1;
}

// A line of /proc/locks for who waits: "7: -> POSIX  ADVISORY  WRITE 4711 08:01:1234 0 0".
bool OutsideLock::makes_wait(pid_t process) const {
  struct stat info = {};
  if (!holds() || ::fstat(file_, &info) != 0) return false;
  const std::string inode = fmt::format(":{}", info.st_ino);
  std::ifstream locks("/proc/locks");
  for (std::string line; std::getline(locks, line);) {
    std::istringstream words(line);
    std::string number, arrow, kind, advisory, type, file;
    pid_t who = 0;
    if (words >> number >> arrow && arrow == "->" && words >> kind >> advisory >> type >> who >> file &&
        who == process && file.ends_with(inode))
      return true;
  }
  return false;
}

Expected<void> OutsideLock::wait_until_blocked(pid_t process, int worker, const std::function<bool()>& is_over) const {
  TimeBudget budget(kHeldLimit);
  while (!makes_wait(process) && !is_over()) {
    if (const auto left = budget.look(); left != TimeBudget::State::left)
      return too_late(
          left, fmt::format("worker {} does not come to the lock that is held, and its request does not end", worker));
  }
  return {};
}

}  // namespace assay::conformance
