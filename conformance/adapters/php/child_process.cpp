#include "conformance/adapters/php/child_process.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <thread>

#include "conformance/adapters/php/process_state.h"
#include "support/file_descriptor.h"

namespace assay::conformance::php {

namespace {

// For whoever reaps orphans on this machine to do so.
constexpr std::chrono::milliseconds kPatienceWithReapers{500};

constexpr const char* kPathInRoot = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

}  // namespace

std::vector<std::string> plain_environment(const ProgramRoot& root) {
  std::vector<std::string> environment{"TZ=UTC", "LC_ALL=C"};
  if (!root.is_machine()) {
    environment.insert(environment.end(), {std::string("PATH=") + kPathInRoot, "HOME=/root"});
    return environment;
  }
  for (const char* name : {"PATH", "HOME", "LD_LIBRARY_PATH"}) {
    if (const char* value = std::getenv(name)) environment.push_back(std::string(name) + "=" + value);
  }
  return environment;
}

std::vector<char*> pointers_to(const std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  for (const std::string& string : strings) pointers.push_back(const_cast<char*>(string.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

bool prepare_child(pid_t parent, int output) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) return false;
  dup2(open("/dev/null", O_RDONLY), STDIN_FILENO);
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  for (int number = 1; number < NSIG; ++number) signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  syscall(SYS_close_range, 3U, ~0U, CLOSE_RANGE_CLOEXEC);
  return true;
}

std::optional<int> wait_for_exit(pid_t child, Deadline deadline) {
  const FileDescriptor handle(static_cast<int>(syscall(SYS_pidfd_open, child, 0)));
  for (;;) {
    int status = 0;
    const pid_t ended = waitpid(child, &status, WNOHANG);
    if (ended == child) return status;
    if (ended < 0 && errno != EINTR) return 0;  // Reaped by somebody else: it has ended, how is not known.
    if (deadline.passed()) return std::nullopt;
    pollfd event{handle.get(), POLLIN, 0};
    poll(&event, 1, handle.is_open() ? deadline.milliseconds_to_wait() : 1);
  }
}

int exit_status_of(int wait_status) {
  return WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : 128 + WTERMSIG(wait_status);
}

bool kill_group(pid_t group, Deadline deadline) {
  const Deadline patience = Deadline::after(kPatienceWithReapers);
  for (;;) {
    // Orphans come to this process if it asked for them (PR_SET_CHILD_SUBREAPER), otherwise to somebody else.
    while (waitpid(-group, nullptr, WNOHANG) > 0) {
    }
    if (kill(-group, SIGKILL) != 0) return true;
    const auto members = processes_of_group(group);
    const bool all_dead =
        std::none_of(members.begin(), members.end(), [](const ProcessState& p) { return p.is_running(); });
    if (all_dead && patience.passed()) return true;
    if (deadline.passed()) return all_dead;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

}  // namespace assay::conformance::php
