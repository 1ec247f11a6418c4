#include "faults/crash/idle.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <iterator>
#include <string>
#include <thread>
#include <utility>

#include "support/time/time_budget.h"

namespace assay::crash {
namespace {

// A poll() that a tracer interrupted goes on as restart_syscall.
constexpr long kWaitsForInput[] = {
    SYS_restart_syscall, SYS_read,  SYS_readv,       SYS_recvfrom, SYS_recvmsg,
    SYS_accept4,         SYS_ppoll, SYS_epoll_pwait, SYS_pselect6,
#ifdef __x86_64__
    SYS_accept,          SYS_poll,  SYS_epoll_wait,  SYS_select,
#endif
};

tl::unexpected<Error> unreadable(pid_t pid) {
  const int code = errno;
  const std::string file = "/proc/" + std::to_string(pid) + "/syscall";
  errno = code;
  const std::string what = with_errno("cannot read " + file);
  return code == EACCES || code == EPERM ? refusal(what) : failure(what);
}

}  // namespace

Expected<IdleWatch> IdleWatch::on(pid_t pid) {
  const std::string file = "/proc/" + std::to_string(pid) + "/syscall";
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return unreadable(pid);
  return IdleWatch(pid, descriptor);
}

IdleWatch::IdleWatch(IdleWatch&& other) noexcept
    : pid_(other.pid_), descriptor_(std::exchange(other.descriptor_, -1)) {}

IdleWatch::~IdleWatch() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Expected<bool> IdleWatch::is_idle() const {
  char text[64] = {};
  const ssize_t got = ::pread(descriptor_, text, sizeof text - 1, 0);
  if (got <= 0) return unreadable(pid_);
  if (text[0] < '0' || text[0] > '9') return false;  // "running", or "-1": in no system call
  const long number = std::strtol(text, nullptr, 10);
  return std::find(std::begin(kWaitsForInput), std::end(kWaitsForInput), number) != std::end(kWaitsForInput);
}

Expected<bool> IdleWatch::wait(std::chrono::milliseconds limit) const {
  TimeBudget budget(limit);
  for (int look = 0;; ++look) {
    auto idle = is_idle();
    if (!idle || *idle) return idle;
    if (const auto left = budget.look(); left != TimeBudget::State::left) {
      if (left == TimeBudget::State::spent) return false;
      return too_late(left, "process " + std::to_string(pid_) + " does not become idle");
    }
    // It is about to be: usually the second look finds it so.
    if (look < 20)
      ::sched_yield();
    else
      std::this_thread::sleep_for(std::chrono::microseconds(100));
  }
}

Expected<bool> is_idle(pid_t pid) {
  const auto watch = ASSAY_TRY(IdleWatch::on(pid));
  return watch.is_idle();
}

Expected<bool> wait_until_idle(pid_t pid, std::chrono::milliseconds limit) {
  const auto watch = ASSAY_TRY(IdleWatch::on(pid));
  return watch.wait(limit);
}

}  // namespace assay::crash
