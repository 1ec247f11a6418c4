#include "conformance/runner/guard.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "conformance/runner/processes.h"
#include "conformance/runner/temporary_folder.h"
#include "support/files/remove_tree.h"

namespace assay::conformance {
namespace {

constexpr int suite_broke = 70;

int wait_for(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

void cannot(const char* what) {
  std::fprintf(stderr, "assay: cannot %s: %s; raise the limit (ulimit -a shows it)\n", what, std::strerror(errno));
}

int exit_status(int status) {
  if (WIFEXITED(status)) return WEXITSTATUS(status);
  std::fprintf(stderr, "assay: ended by signal %d (%s); what it left behind is removed\n", WTERMSIG(status),
               ::strsignal(WTERMSIG(status)));
  return suite_broke;
}

void set_signals(int action, std::initializer_list<int> signals) {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : signals) sigaddset(&set, signal);
  ::sigprocmask(action, &set, nullptr);
}

// The suite's end, or the front's: whichever comes first. Descriptors become readable (or hang up) at either.
int watch(pid_t suite, int front_alive) {
  set_signals(SIG_BLOCK, {SIGCHLD});
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGCHLD);
  const int child = ::signalfd(-1, &set, SFD_CLOEXEC);
  for (;;) {
    int status = 0;
    if (::waitpid(suite, &status, WNOHANG) == suite) return exit_status(status);
    pollfd ready[2] = {{child, POLLIN, 0}, {front_alive, POLLIN, 0}};
    if (::poll(ready, 2, -1) < 0) continue;
    if (ready[1].revents) return suite_broke;
    signalfd_siginfo info;
    while (::read(child, &info, sizeof info) < 0 && errno == EINTR) {
    }
    // Orphans that were handed up to us are collected at the end; waitpid above asks for the suite alone.
  }
}

[[noreturn]] void guard_main(int front_alive, const std::filesystem::path& folder, const std::function<int()>& suite) {
  adopt_orphans();
  const pid_t self = ::getpid();
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(front_alive);
    die_with_parent(self);
    set_signals(SIG_UNBLOCK, {SIGINT, SIGTERM, SIGHUP, SIGQUIT});
    ::_exit(suite());
  }
  if (child < 0) cannot("start a process");
  ::prctl(PR_SET_NAME, "assay-guard");
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) ::signal(signal, SIG_IGN);
  set_signals(SIG_UNBLOCK, {SIGINT, SIGTERM, SIGHUP, SIGQUIT});
  const int status = child < 0 ? suite_broke : watch(child, front_alive);
  kill_children_except({});
  remove_tree(folder);
  ::_exit(status);
}

volatile sig_atomic_t suite_process = 0;

// A signal sent to the front alone is handed on. The terminal's Ctrl-C reaches the suite twice then: once is enough.
void hand_on(int signal) {
  if (suite_process > 0) ::kill(suite_process, signal);
}

}  // namespace

int run_guarded(const std::filesystem::path& folder, const std::function<int()>& suite) {
  int alive[2];
  int suite_pid[2];
  if (::pipe2(alive, O_CLOEXEC) != 0 || ::pipe2(suite_pid, O_CLOEXEC) != 0) {
    cannot("make a pipe");
    remove_tree(folder);
    return suite_broke;
  }
  adopt_orphans();
  set_signals(SIG_BLOCK, {SIGINT, SIGTERM, SIGHUP, SIGQUIT});
  const pid_t guard = ::fork();
  if (guard < 0) cannot("start a process");
  if (guard == 0) {
    ::close(alive[1]);
    ::close(suite_pid[0]);
    guard_main(alive[0], folder, [&] {
      const pid_t self = ::getpid();
      (void)!::write(suite_pid[1], &self, sizeof self);
      ::close(suite_pid[1]);
      return suite();
    });
  }
  ::close(alive[0]);
  ::close(suite_pid[1]);
  pid_t pid = 0;
  if (::read(suite_pid[0], &pid, sizeof pid) == sizeof pid) suite_process = pid;
  ::close(suite_pid[0]);
  struct sigaction forward {};
  forward.sa_handler = hand_on;
  forward.sa_flags = SA_RESTART;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) ::sigaction(signal, &forward, nullptr);
  set_signals(SIG_UNBLOCK, {SIGINT, SIGTERM, SIGHUP, SIGQUIT});
  const int status = guard < 0 ? suite_broke : exit_status(wait_for(guard));
  kill_children_except({});
  remove_tree(folder);
  return status;
}

}  // namespace assay::conformance
