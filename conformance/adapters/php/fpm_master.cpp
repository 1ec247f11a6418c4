#include "conformance/adapters/php/fpm_master.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <string_view>
#include <thread>
#include <utility>

#include "conformance/adapters/php/child_process.h"
#include "conformance/adapters/php/log_tail.h"
#include "conformance/adapters/php/process_state.h"
#include "support/file_descriptor.h"

namespace assay::conformance::php {

namespace {

constexpr std::chrono::milliseconds kGraceOfDestructor{200};
constexpr std::chrono::seconds kReapLimit{1};
constexpr std::string_view kMasterTitle = "php-fpm: master process";
constexpr std::string_view kWorkerTitle = "php-fpm: pool ";

Result<void> write_file(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (!file)
    return fail_with_errno(errno, "cannot write", path, "Check permissions and free space of the temporary folder");
  return {};
}

bool contains(const std::vector<pid_t>& pids, pid_t pid) {
  return std::find(pids.begin(), pids.end(), pid) != pids.end();
}

}  // namespace

FpmMaster::FpmMaster(FpmConfiguration configuration, FpmFiles files)
    : configuration_(std::move(configuration)), files_(std::move(files)) {}

FpmMaster::~FpmMaster() {
  (void)stop(kGraceOfDestructor);
  remove_files(true);
}

Result<std::unique_ptr<FpmMaster>> FpmMaster::start(FpmConfiguration configuration, std::chrono::milliseconds limit,
                                                    bool remove_folder) {
  if (auto checked = check_configuration(configuration); !checked) return tl::make_unexpected(checked.error());
  const FpmFiles files(configuration.folder);
  std::unique_ptr<FpmMaster> master(new FpmMaster(std::move(configuration), files));
  const Deadline deadline = Deadline::after(limit);
  if (auto written = master->prepare_files(); !written) return tl::make_unexpected(written.error());
  if (auto executed = master->execute(); !executed) return tl::make_unexpected(executed.error());
  auto guard = RuntimeGuard::start(master->pid_, remove_folder ? files.folder : "");
  if (!guard) return tl::make_unexpected(guard.error());
  master->guard_ = std::move(*guard);
  if (auto ready = master->await_ready({}, deadline); !ready) return tl::make_unexpected(ready.error());
  return master;
}

Result<void> FpmMaster::prepare_files() const {
  auto text = fpm_configuration_text(configuration_);
  if (!text) return tl::make_unexpected(text.error());
  return write_file(files_.configuration, *text);
}

Result<void> FpmMaster::execute() {
  auto arguments = fpm_arguments(configuration_);
  if (!arguments) return tl::make_unexpected(arguments.error());
  const std::vector<std::string> environment = environment_of(configuration_);
  const std::vector<char*> argument_pointers = pointers_to(*arguments);
  const std::vector<char*> environment_pointers = pointers_to(environment);
  const FileDescriptor output(open(files_.logs.output.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  if (!output.is_open()) return fail_with_errno(errno, "cannot write", files_.logs.output);
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child < 0) return fail_with_errno(errno, "cannot start a process", configuration_.binary);
  if (child == 0) {
    if (prepare_child(parent, output.get()) && configuration_.root.enter()) {
      execve(argument_pointers[0], argument_pointers.data(), environment_pointers.data());
    }
    _exit(kCannotExecute);
  }
  setpgid(child, child);  // Both sides do it, so that the group exists for whoever comes first.
  pid_ = child;
  return {};
}

Result<void> FpmMaster::await_ready(const std::vector<pid_t>& old_workers, Deadline deadline) {
  for (;;) {
    if (!is_alive()) {
      auto ended =
          start_failure(fmt::format("php-fpm ended with status {} while starting", exit_status_of(*wait_status_)));
      ended.value().kind = Failure::Kind::ended_at_start;
      return ended;
    }
    if (const auto below = master_below()) {
      return start_failure(fmt::format(
          "php-fpm runs as child {} of the program that was started, which has to become it (exec)", *below));
    }
    auto ready = is_ready(old_workers, deadline);
    if (!ready) return tl::make_unexpected(ready.error());
    if (*ready) return {};
    if (deadline.passed() && deadline.is_undecided())
      return fail_by(deadline, "php-fpm was not ready within the time limit", configuration_.binary);
    if (deadline.passed()) return start_failure("php-fpm was not ready within the time limit");
    std::this_thread::sleep_for(kPollInterval);
  }
}

// Below a shell that waits for it, say; workers are not looked for there. Before they have a title of their own, the
// workers of a master have its title.
std::optional<pid_t> FpmMaster::master_below() const {
  for (const ProcessState& process : children_of(pid_)) {
    if (!process.command_line.starts_with(kMasterTitle)) continue;
    const auto started = read_process_state(pid_);  // later than its child: it had its title first
    // Who died in between is a process without a command line.
    if (!started || started->command_line.empty()) continue;
    if (!started->command_line.starts_with(kMasterTitle)) return process.pid;
  }
  return std::nullopt;
}

Result<bool> FpmMaster::is_ready(const std::vector<pid_t>& old_workers, Deadline deadline) {
  const std::vector<FpmWorker> present = workers();
  for (const FpmPool& pool : configuration_.pools) {
    int count = 0;
    for (const FpmWorker& worker : present) {
      if (contains(old_workers, worker.pid)) return false;
      count += worker.pool == pool.name;
    }
    if (count != pool.children) return false;
  }
  for (const FpmPool& pool : configuration_.pools) {
    auto answered = ping(pool.name, deadline);
    if (answered) continue;
    if (!is_alive() || answered.error().kind == Failure::Kind::worker_died) return false;
    if (answered.error().kind == Failure::Kind::undecided) return tl::make_unexpected(answered.error());
    return start_failure("php-fpm does not answer: " + answered.error().message());
  }
  return true;
}

// php-fpm answers this itself: no script runs, no cache is touched.
Result<void> FpmMaster::ping(const std::string& pool, Deadline deadline) const {
  auto client = connect(pool);
  if (!client) return tl::make_unexpected(client.error());
  FastcgiParameters parameters({{"REQUEST_METHOD", "GET"}, {"SCRIPT_NAME", kPingPath}, {"SCRIPT_FILENAME", kPingPath}});
  auto reply = client->execute(parameters, "", deadline);
  if (!reply) return tl::make_unexpected(reply.error());
  if (reply->body != kPingAnswer) {
    return fail(Failure::Kind::protocol, "unexpected answer to a ping: " + std::string(reply->body.substr(0, 80)),
                client->socket_path());
  }
  return {};
}

bool FpmMaster::is_alive() {
  if (pid_ <= 0 || wait_status_) return false;
  wait_status_ = wait_for_exit(pid_, Deadline::at_once());
  return !wait_status_;
}

std::vector<FpmWorker> FpmMaster::workers() const {
  std::vector<FpmWorker> workers;
  if (pid_ <= 0 || wait_status_) return workers;
  for (const ProcessState& process : children_of(pid_)) {
    // A child that has not written its title yet is not a worker yet.
    if (!process.is_running() || !process.command_line.starts_with(kWorkerTitle)) continue;
    workers.push_back({process.pid, process.command_line.substr(kWorkerTitle.size())});
  }
  return workers;
}

std::optional<pid_t> FpmMaster::worker_of(const std::string& pool) const {
  for (const FpmWorker& worker : workers()) {
    if (worker.pool == pool) return worker.pid;
  }
  return std::nullopt;
}

Result<FastcgiClient> FpmMaster::connect(const std::string& pool, FastcgiClient::Limits limits) const {
  return FastcgiClient::connect(files_.socket_of(pool), limits);
}

bool FpmMaster::is_worker(pid_t pid) const {
  const auto process = read_process_state(pid);
  return process && process->parent == pid_ && process->is_running();
}

Result<void> FpmMaster::signal_worker(pid_t worker, int signal_number) const {
  // The handle is taken first: from then on the number cannot come to mean another process.
  const FileDescriptor handle(static_cast<int>(syscall(SYS_pidfd_open, worker, 0)));
  const bool is_ours = handle.is_open() && is_worker(worker);
  const bool sent = is_ours && syscall(SYS_pidfd_send_signal, handle.get(), signal_number, nullptr, 0) == 0;
  // It may end just now by itself.
  if (!is_ours || (!sent && errno == ESRCH)) {
    return fail(Failure::Kind::unusable, fmt::format("process {} is not a worker of the master {}", worker, pid_),
                files_.folder);
  }
  if (!sent) {
    return fail_with_errno(errno, fmt::format("cannot send signal {} to process {}", signal_number, worker),
                           files_.folder);
  }
  return {};
}

Result<void> FpmMaster::kill_worker(pid_t worker, Deadline deadline) const {
  const FileDescriptor handle(static_cast<int>(syscall(SYS_pidfd_open, worker, 0)));
  if (auto sent = signal_worker(worker, SIGKILL); !sent) return sent;
  pollfd event{handle.get(), POLLIN, 0};  // Readable when the process has ended, reaped or not.
  while (poll(&event, 1, deadline.milliseconds_to_wait()) <= 0) {
    if (deadline.passed())
      return fail_by(deadline, fmt::format("worker {} did not die in time", worker), files_.folder);
  }
  return {};
}

Result<void> FpmMaster::await_respawn(const std::string& pool, pid_t old_worker, Deadline deadline) {
  const auto wanted = std::find_if(configuration_.pools.begin(), configuration_.pools.end(),
                                   [&](const FpmPool& candidate) { return candidate.name == pool; });
  if (wanted == configuration_.pools.end()) return fail(Failure::Kind::unusable, "there is no such pool", pool);
  for (;;) {
    const std::vector<FpmWorker> present = workers();
    const auto in_pool = [&](const FpmWorker& worker) { return worker.pool == pool && worker.pid != old_worker; };
    if (std::count_if(present.begin(), present.end(), in_pool) == wanted->children) return {};
    if (!is_alive()) return fail(Failure::Kind::worker_died, "the php-fpm master ended", files_.folder, log_tail());
    if (deadline.passed()) return fail_by(deadline, "no new worker in time in pool " + pool, files_.folder, log_tail());
    std::this_thread::sleep_for(kPollInterval);
  }
}

Result<void> FpmMaster::reload(Deadline deadline) {
  if (!is_alive()) return fail(Failure::Kind::worker_died, "the php-fpm master has ended", files_.folder, log_tail());
  std::vector<pid_t> old_workers;
  for (const FpmWorker& worker : workers()) old_workers.push_back(worker.pid);
  kill(pid_, SIGUSR2);
  return await_ready(old_workers, deadline);
}

// Workers die before their master as long as that is possible: orphans would be left to whatever reaps on this machine.
void FpmMaster::end_master(std::chrono::milliseconds grace) {
  if (!is_alive()) return;
  kill(pid_, SIGTERM);
  wait_status_ = wait_for_exit(pid_, Deadline::after(grace));
  if (wait_status_) return;
  for (const FpmWorker& worker : workers()) (void)signal_worker(worker.pid, SIGKILL);
  wait_status_ = wait_for_exit(pid_, Deadline::after(kReapLimit));
}

Result<void> FpmMaster::stop(std::chrono::milliseconds grace) {
  if (pid_ <= 0 || stopped_) return {};
  end_master(grace);
  // The whole group in any case: workers outlive a master that was killed.
  const Deadline deadline = Deadline::after(kKillLimit);
  kill(-pid_, SIGKILL);
  if (!wait_status_) wait_status_ = wait_for_exit(pid_, deadline);
  const bool gone = wait_status_ && kill_group(pid_, deadline);
  remove_files(false);
  if (!gone) {
    return fail(Failure::Kind::timed_out, fmt::format("processes of group {} do not die", pid_), files_.folder,
                "They are stuck in the kernel; look at their state with ps");
  }
  stopped_ = true;
  guard_.reset();
  return {};
}

void FpmMaster::remove_files(bool logs_too) const {
  unlink(files_.configuration.c_str());
  for (const FpmPool& pool : configuration_.pools) unlink(files_.socket_of(pool.name).c_str());
  if (!logs_too) return;
  for (const std::string& log : {files_.master_log, files_.logs.php, files_.logs.opcache, files_.logs.output})
    unlink(log.c_str());
}

std::string FpmMaster::log_tail(std::size_t lines_of_each) const {
  return php::log_tail(files_.folder, {files_.logs.output, files_.master_log, files_.logs.php, files_.logs.opcache},
                       lines_of_each);
}

tl::unexpected<Failure> FpmMaster::start_failure(std::string what) const {
  const std::string tail = log_tail();
  return fail(Failure::Kind::failed_to_start, std::move(what), configuration_.binary,
              tail.empty() ? "It printed and logged nothing" : "The end of its logs:\n" + tail);
}

}  // namespace assay::conformance::php
