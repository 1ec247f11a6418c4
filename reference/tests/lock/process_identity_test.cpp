#include "reference/lock/process_identity.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace assay::reference {
namespace {

int exit_status_of(pid_t child) {
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(ProcessIdentity, IsTheOneOfTheProcess) {
  EXPECT_EQ(this_process(), ::getpid());
  EXPECT_EQ(this_process(), ::getpid());
}

TEST(ProcessIdentity, AForkedChildAndItsChildHaveTheirOwn) {
  this_process();
  const pid_t child = ::fork();
  if (child == 0) {
    if (this_process() != ::getpid()) ::_exit(1);
    const pid_t grandchild = ::fork();
    if (grandchild == 0) ::_exit(this_process() == ::getpid() ? 0 : 2);
    ::_exit(exit_status_of(grandchild));
  }
  EXPECT_EQ(exit_status_of(child), 0);
}

TEST(ProcessIdentity, SoHasAChildThatTheLibraryKnowsNothingOf) {
  this_process();
  const auto child = static_cast<pid_t>(::syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, nullptr));
  if (child == 0) ::_exit(this_process() == static_cast<pid_t>(::syscall(SYS_getpid)) ? 0 : 1);
  EXPECT_EQ(exit_status_of(child), 0);
}

}  // namespace
}  // namespace assay::reference
