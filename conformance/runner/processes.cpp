#include "conformance/runner/processes.h"

#include <dirent.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include <algorithm>
#include <fstream>
#include <string>

namespace assay::conformance {
namespace {

std::vector<pid_t> children(pid_t pid) {
  std::vector<pid_t> found;
  const std::string tasks = fmt::format("/proc/{}/task", pid);
  DIR* directory = ::opendir(tasks.c_str());
  if (!directory) return found;
  while (const dirent* entry = ::readdir(directory)) {
    if (entry->d_name[0] == '.') continue;
    std::ifstream list(tasks + "/" + entry->d_name + "/children");
    for (pid_t child; list >> child;) found.push_back(child);
  }
  ::closedir(directory);
  return found;
}

}  // namespace

std::vector<pid_t> descendants(pid_t pid) {
  std::vector<pid_t> found = children(pid);
  for (std::size_t i = 0; i < found.size(); ++i) {
    for (const pid_t child : children(found[i])) found.push_back(child);
  }
  return found;
}

void adopt_orphans() {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
}

void kill_children_except(const std::vector<pid_t>& keep) {
  const auto kept = [&](pid_t pid) { return std::find(keep.begin(), keep.end(), pid) != keep.end(); };
  // Killed processes hand their children up to us: repeat until only the kept ones are left.
  for (int round = 0; round < 100; ++round) {
    bool any = false;
    for (const pid_t child : children(::getpid())) {
      if (kept(child)) continue;
      any = true;
      for (const pid_t below : descendants(child)) ::kill(below, SIGKILL);
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
