#include "conformance/adapters/php/runtime_guard.h"

#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace assay::conformance::php {

namespace {

// Only async-signal-safe calls: the suite may have threads.
[[noreturn]] void stand_guard(pid_t parent, pid_t group, const char* folder) {
  setsid();  // Ctrl-C on the terminal must not reach the guard.
  // A pipe of the suite that stays open here would keep its reader waiting.
  syscall(SYS_close_range, 0U, ~0U, 0);
  const int handle = static_cast<int>(syscall(SYS_pidfd_open, parent, 0));
  // A parent that died before there was a handle has been replaced by a reaper.
  while (handle >= 0 && getppid() == parent) {
    pollfd event{handle, POLLIN, 0};
    if (poll(&event, 1, -1) > 0) break;
  }
  kill(-group, SIGKILL);
  if (folder[0] == '\0') _exit(0);
  poll(nullptr, 0, 10);  // A killed process may still finish the system call in which it makes a file.
  char rm[] = "rm";
  char recursively[] = "-rf";
  char end_of_options[] = "--";
  char* const arguments[] = {rm, recursively, end_of_options, const_cast<char*>(folder), nullptr};
  char* const environment[] = {nullptr};
  execve("/bin/rm", arguments, environment);
  _exit(1);
}

}  // namespace

Result<RuntimeGuard> RuntimeGuard::start(pid_t group, const std::string& folder) {
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid < 0)
    return fail_with_errno(errno, "cannot start the process that cleans up after an interrupted run", folder);
  if (pid == 0) stand_guard(parent, group, folder.c_str());
  return RuntimeGuard(pid);
}

RuntimeGuard::RuntimeGuard(RuntimeGuard&& other) noexcept : pid_(std::exchange(other.pid_, -1)) {}

RuntimeGuard& RuntimeGuard::operator=(RuntimeGuard&& other) noexcept {
  if (this != &other) {
    dismiss();
    pid_ = std::exchange(other.pid_, -1);
  }
  return *this;
}

void RuntimeGuard::dismiss() {
  if (pid_ <= 0) return;
  kill(pid_, SIGKILL);
  while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
}

}  // namespace assay::conformance::php
