#include "conformance/command/process_start.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>

namespace assay::conformance {
namespace {

// Nested values, traces and programs are read by recursion, to a fixed depth that fits into this.
constexpr rlim_t kLeastStack = 2 << 20;
constexpr rlim_t kUsualStack = 8 << 20;

void fill_standard_descriptors() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    // The lowest free number is given out, so each that is missing is filled in its turn.
    if (::fcntl(fd, F_GETFD) < 0 && errno == EBADF) (void)::open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
}

Expected<void> raise_stack_limit(char** arguments) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_cur >= kLeastStack) return {};
  if (limit.rlim_max < kLeastStack)
    return failure(fmt::format("the limit on the stack is {} KiB, and {} are needed; raise it (ulimit -s {})",
                               limit.rlim_max >> 10, kLeastStack >> 10, kUsualStack >> 10));
  limit.rlim_cur = std::min(limit.rlim_max, kUsualStack);
  if (::setrlimit(RLIMIT_STACK, &limit) == 0) ::execv("/proc/self/exe", arguments);
  return failure(fmt::format("the limit on the stack is too small and cannot be raised: {}", std::strerror(errno)),
                 errno);
}

}  // namespace

Expected<void> check_machine() {
  if (::access("/proc/self/stat", R_OK) == 0) return {};
  return failure(
      "there is no /proc here, by which the processes of a target are watched; mount it: mount -t proc proc /proc");
}

Expected<void> prepare_process(char** arguments) {
  // A handler, which exec takes off, where SIG_IGN would be handed on.
  std::signal(SIGXFSZ, [](int) {});
  fill_standard_descriptors();
  return raise_stack_limit(arguments);
}

}  // namespace assay::conformance
