#include "conformance/runner/processes.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include <algorithm>

#include "support/proc/process_tree.h"

namespace assay::conformance {
void adopt_orphans() {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
}

void kill_children_except(const std::vector<pid_t>& keep) {
  const auto kept = [&](pid_t pid) { return std::find(keep.begin(), keep.end(), pid) != keep.end(); };
  // Killed processes hand their children up to us: repeat until only the kept ones are left.
  for (int round = 0; round < 100; ++round) {
    bool any = false;
    for (const pid_t child : children_of(::getpid())) {
      if (kept(child)) continue;
      any = true;
      for (const pid_t below : descendants_of(child)) ::kill(below, SIGKILL);
      ::kill(child, SIGKILL);
      while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
      }
    }
    if (!any) return;
  }
}

void die_with_parent(pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(1);
}

}  // namespace assay::conformance
