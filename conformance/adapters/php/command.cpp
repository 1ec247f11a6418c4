#include "conformance/adapters/php/command.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <optional>

#include "conformance/adapters/php/child_process.h"
#include "conformance/adapters/php/deadline.h"
#include "support/file_descriptor.h"

namespace assay::conformance::php {

namespace {

constexpr std::size_t kMaxOutput = std::size_t{4} << 20;

// Reads until the end of the stream; false when the deadline passed first.
bool read_all(int descriptor, std::string& text, Deadline deadline) {
  char chunk[16384];
  while (!deadline.passed()) {
    pollfd event{descriptor, POLLIN, 0};
    if (poll(&event, 1, deadline.milliseconds_to_wait()) <= 0) continue;
    const ssize_t count = read(descriptor, chunk, sizeof chunk);
    if (count == 0 || (count < 0 && errno != EINTR)) return true;
    if (count > 0 && text.size() < kMaxOutput) text.append(chunk, static_cast<std::size_t>(count));
  }
  return false;
}

}  // namespace

Result<CommandOutput> run_command(const std::vector<std::string>& arguments,
                                  const std::vector<std::string>& environment, std::chrono::milliseconds limit,
                                  const ProgramRoot& root) {
  const std::string& path = arguments.at(0);
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return fail_with_errno(errno, "cannot make a pipe", path);
  const FileDescriptor reader(ends[0]);
  FileDescriptor writer(ends[1]);
  if (access(root.outside(path).c_str(), X_OK) != 0) return fail_with_errno(errno, "cannot be executed", path);

  const std::vector<char*> argument_pointers = pointers_to(arguments);
  const std::vector<char*> environment_pointers = pointers_to(environment);
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child < 0) return fail_with_errno(errno, "cannot start a process", path);
  if (child == 0) {
    if (prepare_child(parent, writer.get()) && root.enter())
      execve(path.c_str(), argument_pointers.data(), environment_pointers.data());
    _exit(kCannotExecute);
  }
  setpgid(child, child);  // Both sides do it, so that the group exists for whoever comes first.
  writer.close();

  const Deadline deadline = Deadline::after(limit);
  CommandOutput output;
  output.timed_out = !read_all(reader.get(), output.text, deadline);
  std::optional<int> status = wait_for_exit(child, deadline);
  if (!status) {
    output.timed_out = true;
    kill(-child, SIGKILL);
    status = wait_for_exit(child, Deadline::after(std::chrono::seconds(10)));
  }
  output.exit_status = exit_status_of(status.value_or(0));
  return output;
}

}  // namespace assay::conformance::php
