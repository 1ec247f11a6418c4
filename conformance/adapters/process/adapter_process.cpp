#include "conformance/adapters/process/adapter_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "conformance/adapters/php/child_process.h"
#include "support/proc/process_tree.h"

namespace assay::conformance::process {
namespace {

using php::Deadline;

constexpr std::size_t kLastWords = 1500;

tl::unexpected<Error> broken(const std::string& what) {
  const int code = errno;
  return failure(what + ": " + std::strerror(code), code);
}

std::string file_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

std::string AdapterCommand::text() const {
  return fmt::format("{}", fmt::join(words, " "));
}

Expected<std::unique_ptr<AdapterProcess>> AdapterProcess::start(const AdapterCommand& command,
                                                                const std::vector<std::string>& environment,
                                                                const std::filesystem::path& errors) {
  std::vector<std::string> variables = php::plain_environment();
  variables.push_back("LC_CTYPE=C.UTF-8");
  std::erase(variables, "LC_ALL=C");
  variables.insert(variables.end(), environment.begin(), environment.end());
  const auto words = php::pointers_to(command.words);
  const auto settings = php::pointers_to(variables);
  int in[2], out[2];
  if (::pipe2(in, O_CLOEXEC) != 0) return broken("cannot make a pipe");
  const FileDescriptor theirs(in[0]);
  FileDescriptor ours(in[1]);
  if (::pipe2(out, O_CLOEXEC) != 0) return broken("cannot make a pipe");
  FileDescriptor output(out[0]);
  const FileDescriptor their_output(out[1]);
  const FileDescriptor log(::open(errors.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  if (!log.is_open()) return broken("cannot write " + errors.string());
  std::unique_ptr<AdapterProcess> started(new AdapterProcess);
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child < 0) return broken("cannot start " + command.text());
  if (child == 0) {
    if (php::prepare_child(parent, log.get())) {
      ::dup2(theirs.get(), STDIN_FILENO);
      ::dup2(their_output.get(), STDOUT_FILENO);
      ::execve(command.program.c_str(), words.data(), settings.data());
      ::dprintf(STDERR_FILENO, "cannot execute %s: %s\n", command.program.c_str(), std::strerror(errno));
    }
    ::_exit(php::kCannotExecute);
  }
  ::setpgid(child, child);  // Both sides do it, so that the group exists for whoever comes first.
  for (const int end : {ours.get(), output.get()}) ::fcntl(end, F_SETFL, O_NONBLOCK);
  started->pid_ = child;
  started->input_ = std::move(ours);
  started->output_ = std::move(output);
  started->handle_ = FileDescriptor(static_cast<int>(::syscall(SYS_pidfd_open, child, 0)));
  started->errors_ = errors;
  auto guard = php::RuntimeGuard::start(child, "");
  if (!guard) return php::error_of(guard.error());
  started->guard_.emplace(std::move(*guard));
  return started;
}

std::optional<std::string> AdapterProcess::ending() {
  if (!status_ && pid_ > 0) status_ = php::wait_for_exit(pid_, Deadline::at_once());
  if (!status_) return std::nullopt;
  if (WIFSIGNALED(*status_))
    return fmt::format("was killed by signal {} ({})", WTERMSIG(*status_), ::strsignal(WTERMSIG(*status_)));
  return fmt::format("ended with status {}", WEXITSTATUS(*status_));
}

std::string AdapterProcess::errors() const {
  return file_text(errors_);
}

std::string AdapterProcess::last_words() const {
  std::string text = errors();
  if (text.size() > kLastWords) text = "..." + text.substr(text.size() - kLastWords);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  std::string indented;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) indented += "\n  " + line;
  return indented;
}

// What left the group stands below the process until that ends.
bool AdapterProcess::end(std::chrono::milliseconds grace) {
  if (is_over_) return true;
  is_over_ = true;
  if (grace.count() > 0) input_.close();
  if (!status_) status_ = php::wait_for_exit(pid_, Deadline::after(grace));
  const bool by_itself = status_.has_value();
  if (!by_itself) {
    for (const pid_t below : descendants_of(pid_)) ::kill(below, SIGKILL);
    ::kill(pid_, SIGKILL);
    status_ = php::wait_for_exit(pid_, Deadline::after(php::kKillLimit));
  }
  ::kill(-pid_, SIGKILL);
  (void)php::kill_group(pid_, Deadline::after(php::kKillLimit));
  guard_.reset();
  return by_itself;
}

}  // namespace assay::conformance::process
