// fork, kill, and the calls after which the kernel forgets that a child shall die with its parent.

#include <sys/types.h>
#include <unistd.h>
#include <csignal>

#include "faults/interposer/interposer.h"
#include "faults/interposer/real.h"

namespace {

using assay::interposer::fails;
using assay::interposer::Place;
using assay::interposer::renew_parent_death_signal;

ASSAY_REAL(fork)
ASSAY_REAL(kill)
ASSAY_REAL(setuid)
ASSAY_REAL(setgid)
ASSAY_REAL(seteuid)
ASSAY_REAL(setegid)
ASSAY_REAL(setreuid)
ASSAY_REAL(setregid)
ASSAY_REAL(setresuid)
ASSAY_REAL(setresgid)

int renewed(int result) {
  if (result == 0) renew_parent_death_signal();
  return result;
}

}  // namespace

// What happens in the child is done by the handler registered in setup.cpp, which also sees forks inside the C library.
ASSAY_EXPORT pid_t fork() noexcept {
  return fails(Place::fork) ? -1 : real_fork()();
}

ASSAY_EXPORT int kill(pid_t pid, int signal) noexcept {
  return fails(Place::kill) ? -1 : real_kill()(pid, signal);
}

ASSAY_EXPORT int setuid(uid_t id) noexcept {
  return renewed(real_setuid()(id));
}
ASSAY_EXPORT int setgid(gid_t id) noexcept {
  return renewed(real_setgid()(id));
}
ASSAY_EXPORT int seteuid(uid_t id) noexcept {
  return renewed(real_seteuid()(id));
}
ASSAY_EXPORT int setegid(gid_t id) noexcept {
  return renewed(real_setegid()(id));
}
ASSAY_EXPORT int setreuid(uid_t real, uid_t effective) noexcept {
  return renewed(real_setreuid()(real, effective));
}
ASSAY_EXPORT int setregid(gid_t real, gid_t effective) noexcept {
  return renewed(real_setregid()(real, effective));
}
ASSAY_EXPORT int setresuid(uid_t real, uid_t effective, uid_t saved) noexcept {
  return renewed(real_setresuid()(real, effective, saved));
}
ASSAY_EXPORT int setresgid(gid_t real, gid_t effective, gid_t saved) noexcept {
  return renewed(real_setresgid()(real, effective, saved));
}
