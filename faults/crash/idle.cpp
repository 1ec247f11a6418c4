#include "faults/crash/idle.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <iterator>
#include <thread>

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

}  // namespace

Expected<bool> is_idle(pid_t pid) {
  const std::string file = "/proc/" + std::to_string(pid) + "/syscall";
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  char text[64] = {};
  const ssize_t got = descriptor < 0 ? -1 : ::read(descriptor, text, sizeof text - 1);
  const int code = errno;
  if (descriptor >= 0) ::close(descriptor);
  if (got <= 0) {
    errno = code;
    if (code == EACCES || code == EPERM) return refused(with_errno("cannot read " + file));
    return failed(with_errno("cannot read " + file));
  }
  if (text[0] < '0' || text[0] > '9') return false;  // "running", or "-1": in no system call
  const long number = std::strtol(text, nullptr, 10);
  return std::find(std::begin(kWaitsForInput), std::end(kWaitsForInput), number) != std::end(kWaitsForInput);
}

Expected<bool> wait_until_idle(pid_t pid, std::chrono::milliseconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  for (int look = 0;; ++look) {
    auto idle = is_idle(pid);
    if (!idle || *idle) return idle;
    if (std::chrono::steady_clock::now() > end) return false;
    // It is about to be: usually the second look finds it so.
    if (look < 20)
      ::sched_yield();
    else
      std::this_thread::sleep_for(std::chrono::microseconds(100));
  }
}

}  // namespace assay::crash
