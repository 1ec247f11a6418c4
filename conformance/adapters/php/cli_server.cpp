#include "conformance/adapters/php/cli_server.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string_view>
#include <thread>

#include "conformance/adapters/php/child_process.h"
#include "conformance/adapters/php/log_tail.h"

namespace assay::conformance::php {

namespace {

// "PHP 8.2.36 Development Server (http://127.0.0.1:38275) started": where it was asked for any port, it says which.
constexpr std::string_view kAddress = "(http://127.0.0.1:";
constexpr std::string_view kStarted = ") started";

int port_in(const std::string& output) {
  const std::size_t at = output.find(kAddress);
  if (at == std::string::npos) return 0;
  int port = 0;
  const char* end = output.data() + output.size();
  const auto read = std::from_chars(output.data() + at + kAddress.size(), end, port);
  return std::string_view(read.ptr, static_cast<std::size_t>(end - read.ptr)).starts_with(kStarted) ? port : 0;
}

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

Result<std::unique_ptr<CliServer>> CliServer::start(PhpConfiguration configuration, const std::string& script,
                                                    Deadline deadline) {
  std::unique_ptr<CliServer> server(new CliServer(std::move(configuration)));
  // An earlier one may have said its port there.
  ::unlink(PhpLogs(server->configuration_.folder).output.c_str());
  if (auto executed = server->execute(script); !executed) return tl::make_unexpected(executed.error());
  auto guard = RuntimeGuard::start(server->pid_, "");
  if (!guard) return tl::make_unexpected(guard.error());
  server->guard_.emplace(std::move(*guard));
  if (auto ready = server->await_ready(deadline); !ready) return tl::make_unexpected(ready.error());
  return server;
}

Result<void> CliServer::execute(const std::string& script) {
  auto settings = ini_arguments(configuration_);
  if (!settings) return tl::make_unexpected(settings.error());
  std::vector<std::string> arguments{configuration_.binary, "-n"};
  arguments.insert(arguments.end(), settings->begin(), settings->end());
  arguments.insert(arguments.end(), {"-S", "127.0.0.1:0", "-t", configuration_.folder, script});
  const std::vector<std::string> environment = environment_of(configuration_);
  const std::vector<char*> argument_pointers = pointers_to(arguments);
  const std::vector<char*> environment_pointers = pointers_to(environment);
  const std::string log = PhpLogs(configuration_.folder).output;
  const FileDescriptor output(::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  if (!output.is_open()) return fail_with_errno(errno, "cannot write", log);
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child < 0) return fail_with_errno(errno, "cannot start a process", configuration_.binary);
  if (child == 0) {
    if (prepare_child(parent, output.get()) && configuration_.root.enter())
      ::execve(argument_pointers[0], argument_pointers.data(), environment_pointers.data());
    ::_exit(kCannotExecute);
  }
  ::setpgid(child, child);  // Both sides do it, so that the group exists for whoever comes first.
  pid_ = child;
  return {};
}

Result<void> CliServer::await_ready(Deadline deadline) {
  const std::string output = PhpLogs(configuration_.folder).output;
  while ((port_ = port_in(text_of(output))) == 0) {
    if (const auto how = ending(Deadline::at_once())) {
      auto ended = start_failure(fmt::format("PHP {} while starting", *how));
      ended.value().kind = Failure::Kind::ended_at_start;
      return ended;
    }
    if (deadline.passed() && deadline.is_undecided())
      return fail_by(deadline, "PHP was not ready within the time limit", configuration_.binary);
    if (deadline.passed()) return start_failure("PHP does not say within the time limit on which port it listens");
    std::this_thread::sleep_for(kPollInterval);
  }
  return {};
}

std::optional<std::string> CliServer::ending(Deadline deadline) {
  if (!status_ && pid_ > 0) status_ = wait_for_exit(pid_, deadline);
  if (!status_) return std::nullopt;
  if (WIFSIGNALED(*status_))
    return fmt::format("was killed by signal {} ({})", WTERMSIG(*status_), ::strsignal(WTERMSIG(*status_)));
  return fmt::format("ended with status {}", WEXITSTATUS(*status_));
}

std::string CliServer::log_tail(std::size_t lines_of_each) const {
  const PhpLogs logs(configuration_.folder);
  return php::log_tail(configuration_.folder, {logs.output, logs.php, logs.opcache}, lines_of_each);
}

tl::unexpected<Failure> CliServer::start_failure(std::string what) const {
  const std::string tail = log_tail(10);
  return fail(Failure::Kind::failed_to_start, std::move(what), configuration_.binary,
              tail.empty() ? "It printed and logged nothing" : "The end of its logs:\n" + tail);
}

// Scripts may have started more in its group.
CliServer::~CliServer() {
  if (pid_ <= 0) return;
  ::kill(-pid_, SIGKILL);
  if (!status_) status_ = wait_for_exit(pid_, Deadline::after(kKillLimit));
  (void)kill_group(pid_, Deadline::after(kKillLimit));
  guard_.reset();
}

}  // namespace assay::conformance::php
