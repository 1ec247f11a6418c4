#include "conformance/adapters/reference/reference_runtime.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <thread>

#include "conformance/adapter/ended_start.h"
#include "conformance/adapter/pool_partition.h"
#include "conformance/adapter/root_text.h"
#include "conformance/adapters/reference/session.h"
#include "conformance/adapters/reference/worker_start.h"
#include "faults/points/worker.h"
#include "reference/server/preload_run.h"
#include "support/memory/large_memory.h"

namespace assay::conformance {
namespace {

using reference::SystemFileSystem;

std::map<std::string, bool> partitions_of(const Configuration& configuration) {
  std::map<std::string, bool> all = {{"", configuration.ini.contains(kPartitionRefused)}};
  for (const Pool& pool : configuration.pools) {
    bool& is_refused = all[partition_of(pool.ini)];
    is_refused = is_refused || pool.ini.contains(kPartitionRefused);
  }
  return all;
}

// What a worker's process or thread needs; copied into it.
struct WorkerSeat {
  reference::Server& server;
  Directives directives;
  std::filesystem::path root;
  std::filesystem::path scratch;
  int number;
};

void serve(const WorkerSeat& seat, Channel& channel, SystemFileSystem::WorkingDirectoryOwner directory_owner) {
  reference::Settings settings = reference::parse_settings(seat.directives).settings;
  reference::Worker worker(seat.server, std::move(settings), directory_owner, seat.number,
                           partition_of(seat.directives));
  const pid_t process = ::getpid();
  bool is_heard = true;
  const auto respond = [&](std::vector<Reply> served) {
    if (::getpid() != process) ::_exit(0);  // a child that a script made: it has no one to reply to
    Json replies = Json::array();
    for (const Reply& reply : served) replies.push_back(to_json(reply));
    is_heard = channel.send(std::move(replies));
    points::wake_waiters();
  };
  ReferenceSession session(worker, seat.root, seat.scratch);
  Json message;
  while (channel.receive(message) == Channel::End::message) {
    std::vector<Operation> operations;
    for (const Json& entry : message) {
      auto call = call_from_json(entry, "op", operation_specs(), {});
      if (!call) return;
      operations.push_back(Operation{std::move(*call)});
    }
    session.serve(operations, respond);
    if (!is_heard) return;
  }
}

}  // namespace

ReferenceRuntime::ReferenceRuntime(const Configuration& configuration, const Sandbox& sandbox, WorkerForm form)
    : configuration_(with_root(configuration, sandbox.root.string())), sandbox_(sandbox), form_(form) {
  configuration_.ini.insert({"opcache.error_log", (sandbox.scratch / "log").string()});
}

Expected<std::unique_ptr<Runtime>> ReferenceRuntime::start(const Configuration& configuration, const Sandbox& sandbox,
                                                           WorkerForm form) {
  std::unique_ptr<ReferenceRuntime> runtime(new ReferenceRuntime(configuration, sandbox, form));
  ASSAY_TRY(open_to_users(configuration, sandbox));
  ASSAY_TRY(runtime->start_server());
  ASSAY_TRY(runtime->start_workers());
  return runtime;
}

ReferenceRuntime::~ReferenceRuntime() {
  stop_workers();
}

Expected<void> ReferenceRuntime::start_server() {
  Directives directives = configuration_.ini;
  // Who starts as root and means no user runs the preload script as root, as the workers are run.
  if (::geteuid() == 0 && directives.contains("opcache.preload")) directives.emplace("opcache.preload_user", "root");
  auto server =
      reference::Server::start(directives, {sandbox_.scratch.string(), clock_start, partitions_of(configuration_)});
  if (!server) {
    const int status = server.error().code == reference::preloading_failed ? 70 : 254;
    return failure(fmt::format("the reference ended with status {} while starting: {}", status, server.error().message),
                   ended_while_starting);
  }
  server_ = std::move(*server);
  return {};
}

const Directives& ReferenceRuntime::pool_directives(int number) const {
  for (const Pool& pool : configuration_.pools) {
    if (number < pool.workers) return pool.ini;
    number -= pool.workers;
  }
  return configuration_.pools.back().ini;
}

Expected<void> ReferenceRuntime::start_workers() {
  give_free_memory_back();
  while (workers_.size() < static_cast<std::size_t>(configuration_.worker_count())) {
    workers_.push_back(std::make_unique<ChannelWorker>());
  }
  if (form_ == WorkerForm::threads) return start_host();
  processes_.assign(workers_.size(), -1);
  for (int number = 0; number < static_cast<int>(workers_.size()); ++number) {
    const Directives& own = pool_directives(number);
    if (const auto most = own.find("pm.max_requests"); most != own.end()) {
      workers_[static_cast<std::size_t>(number)]->recycle_after(std::atoi(most->second.c_str()),
                                                                [this, number] { return replace(number); });
    }
    if (auto started = start_process(number); !started) return started;
  }
  return {};
}

namespace {

Directives merged(const Directives& runtime, const Directives& pool) {
  Directives directives = pool;
  directives.insert(runtime.begin(), runtime.end());
  return directives;
}

Expected<pid_t> forked() {
  const pid_t pid = ::fork();
  if (pid < 0) return failure(fmt::format("cannot fork a worker: {}", std::strerror(errno)));
  return pid;
}

}  // namespace

Expected<void> ReferenceRuntime::start_process(int number) {
  auto ends = ASSAY_TRY(Channel::pair());
  const pid_t parent = ::getpid();
  const PoolPlace place = place_of(pool_directives(number));
  const auto pid = ASSAY_TRY(forked());
  if (pid == 0) {
    for (auto& worker : workers_) worker->disconnect();
    ends.first.close();
    begin_worker_process(parent, sandbox_, place);
    points::set_worker(number);
    const auto root = place.root.empty() ? sandbox_.root : std::filesystem::path("/");
    serve({*server_, merged(configuration_.ini, pool_directives(number)), root, sandbox_.scratch, number}, ends.second,
          SystemFileSystem::WorkingDirectoryOwner::process);
    ::_exit(0);
  }
  processes_[static_cast<std::size_t>(number)] = pid;
  workers_[static_cast<std::size_t>(number)]->connect(std::move(ends.first), pid,
                                                      place.root.empty() ? sandbox_.root.string() : "");
  return {};
}

Expected<void> ReferenceRuntime::start_host() {
  std::vector<std::pair<Channel, Channel>> ends;
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    ends.push_back(ASSAY_TRY(Channel::pair()));
  }
  const pid_t parent = ::getpid();
  const auto pid = ASSAY_TRY(forked());
  if (pid == 0) {
    begin_worker_process(parent, sandbox_, {});
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < ends.size(); ++i) {
      ends[i].first.close();
      threads.emplace_back([this, &ends, i] {
        const int number = static_cast<int>(i);
        points::set_thread_worker(number);
        serve({*server_, merged(configuration_.ini, pool_directives(number)), sandbox_.root, sandbox_.scratch, number},
              ends[i].second, SystemFileSystem::WorkingDirectoryOwner::object);
      });
    }
    for (std::thread& thread : threads) thread.join();
    ::_exit(0);
  }
  processes_ = {pid};
  for (std::size_t i = 0; i < ends.size(); ++i) {
    workers_[i]->connect(std::move(ends[i].first), std::nullopt, sandbox_.root.string());
  }
  return {};
}

void ReferenceRuntime::stop_workers() {
  for (auto& worker : workers_) worker->disconnect();
  for (const pid_t pid : processes_) {
    if (pid <= 0) continue;
    ::kill(pid, SIGKILL);
    while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  processes_.clear();
}

Expected<void> ReferenceRuntime::replace(int number) {
  if (form_ == WorkerForm::threads) return failure("a worker that is a thread cannot be replaced");
  pid_t& pid = processes_[static_cast<std::size_t>(number)];
  if (pid > 0) {
    ::kill(pid, SIGKILL);
    while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
    }
    pid = -1;
  }
  return start_process(number);
}

Expected<void> ReferenceRuntime::reload() {
  stop_workers();
  server_.reset();
  if (auto started = start_server(); !started) return started;
  return start_workers();
}

namespace {

// What a program around the reference prints at its start (SC-LOG-04).
std::string warnings_of_start(const reference::Server& server) {
  constexpr std::int64_t kWarnings = 2;
  std::string text;
  if (server.settings().log_verbosity_level < kWarnings) return text;
  for (const reference::SettingWarning& warning : server.warnings())
    text += fmt::format("Warning {} {}\n", warning.directive, warning.message);
  return text;
}

}  // namespace

Expected<LockBytes> ReferenceRuntime::lock_bytes() const {
  reference::ScriptCache* scripts = server_->script_cache();
  if (scripts == nullptr) return failure("this run has no script cache: leave opcache.enable on");
  return LockBytes{scripts->lock().file(), reference::SegmentLock::kWriteByte, reference::SegmentLock::kUsageByte};
}

std::string ReferenceRuntime::log() const {
  std::ifstream file(sandbox_.scratch / "log");
  std::ostringstream text;
  if (server_) text << server_->preloading_said() << warnings_of_start(*server_);
  text << file.rdbuf();
  return text.str();
}

}  // namespace assay::conformance
