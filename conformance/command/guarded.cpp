#include "conformance/command/guarded.h"

#include <fmt/format.h>
#include <signal.h>

#include <new>

#include "conformance/command/exit_status.h"
#include "conformance/command/output.h"
#include "conformance/runner/guard.h"
#include "conformance/runner/processes.h"
#include "conformance/runner/temporary_folder.h"

namespace assay::conformance {
namespace {

// Until run_guarded, which lets them through, has somebody to clean up.
void block_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) sigaddset(&set, signal);
  ::sigprocmask(SIG_BLOCK, &set, nullptr);
}

}  // namespace

int without_exceptions(const std::function<int()>& body) {
  try {
    return body();
  } catch (const std::bad_alloc&) {
    complain("out of memory; raise the limit (ulimit -v), or do less at a time (--jobs, --filter, --shard)");
  } catch (const std::exception& error) {
    complain(fmt::format("an exception that nobody caught, which is a bug of the suite: {}", error.what()));
  }
  return exit_suite_broke;
}

int run_in_temporary_folder(const std::function<int(const std::filesystem::path& folder)>& body) {
  block_signals();
  auto folder = TemporaryFolder::create();
  if (!folder) {
    complain(folder.error().message);
    return exit_suite_broke;
  }
  flush_output();  // else the forked process would print it again
  return run_guarded(folder->path(), [&] {
    adopt_orphans();
    return end_output(without_exceptions([&] { return body(folder->path()); }));
  });
}

}  // namespace assay::conformance
