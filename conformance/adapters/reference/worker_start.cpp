#include "conformance/adapters/reference/worker_start.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "faults/points/mapping.h"
#include "faults/points/worker.h"
#include "reference/lock/write_section.h"

namespace assay::conformance {

void begin_worker_process(pid_t parent, const Sandbox& sandbox, const PoolPlace& place) {
  ::prctl(PR_SET_NAME, "assay-worker");
  char message[256];
  points::Layout* block = points::map_control_file(sandbox.control.c_str(), message, sizeof message);
  if (!block || ::chdir(sandbox.root.c_str()) != 0) ::_exit(1);
  points::attach(block);
  reference::write_section::delay_ending_signals();
  // What cannot be written to the log ends here (SC-LOG-01), not on the terminal of who runs the suite.
  const int stderr_file = ::open((sandbox.scratch / "stderr").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (stderr_file >= 0) {
    ::dup2(stderr_file, STDERR_FILENO);
    ::close(stderr_file);
  }
  ::setenv("ASSAY_SCRATCH", sandbox.scratch.c_str(), 1);  // for scripts that wait for the suite
  if (const auto entered = enter(place); !entered) {
    fmt::print(stderr, "assay: {}\n", entered.error().message);
    ::_exit(1);
  }
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // which a change of the user takes away
  if (::getppid() != parent) ::_exit(1);
}

}  // namespace assay::conformance
