#pragma once

#include <sys/types.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/adapters/php/deadline.h"
#include "conformance/adapters/php/failure.h"
#include "conformance/adapters/php/fastcgi_client.h"
#include "conformance/adapters/php/fpm_configuration.h"
#include "conformance/adapters/php/runtime_guard.h"

namespace assay::conformance::php {

struct FpmWorker {
  pid_t pid = 0;
  std::string pool;
};

// One php-fpm master of our own, in the foreground, as our child and in a process group of its own, which holds its
// workers too. It dies with the thread that started it (so start it from one that lives long), its workers with the
// process. Used by one thread at a time, and only by the process that started it. Nobody else may reap its process.
class FpmMaster {
 public:
  // Writes the configuration into the folder, starts the program and waits until each pool has all its workers and
  // answers. ended_at_start or failed_to_start, with the end of what it printed and logged, when it ends or the limit passes
  // first. If `remove_folder` is set, the folder is removed when this process dies without stop().
  static Result<std::unique_ptr<FpmMaster>> start(FpmConfiguration configuration, std::chrono::milliseconds limit,
                                                  bool remove_folder = false);

  ~FpmMaster();
  FpmMaster(const FpmMaster&) = delete;
  FpmMaster& operator=(const FpmMaster&) = delete;

  pid_t pid() const { return pid_; }
  pid_t group() const { return pid_; }
  const FpmFiles& files() const { return files_; }
  const FpmConfiguration& configuration() const { return configuration_; }

  // Whether the master runs. False also after stop().
  bool is_alive();

  // The workers that run now, in the order in which they were forked. Read from procfs: no request is made.
  std::vector<FpmWorker> workers() const;

  // The worker of a pool of one. Nothing while it is being respawned.
  std::optional<pid_t> worker_of(const std::string& pool) const;

  // A new connection to a pool, without waiting for a worker: of N + 1 connections to a pool of N, one waits.
  Result<FastcgiClient> connect(const std::string& pool, FastcgiClient::Limits limits) const;
  Result<FastcgiClient> connect(const std::string& pool) const { return connect(pool, FastcgiClient::Limits{}); }

  // Sends a signal to a worker of this master; unusable when the process is not one (any more). Never hits a process
  // that merely got the same number.
  Result<void> signal_worker(pid_t worker, int signal_number) const;

  // Kills a worker and waits until it is gone (not for its successor). Its connections are closed by the kernel.
  Result<void> kill_worker(pid_t worker, Deadline deadline) const;

  // Waits until a pool has all its workers and `old_worker` is not among them. The new ones are found with workers().
  Result<void> await_respawn(const std::string& pool, pid_t old_worker, Deadline deadline);

  // SIGUSR2: the master executes itself anew with the same sockets; shared memory is made anew. Waits until all workers
  // are new and answer. Connections are closed by it.
  Result<void> reload(Deadline deadline);

  // SIGTERM; when the grace has passed, SIGKILL to the workers, which the master still reaps; at last SIGKILL to the
  // whole group. Removes the sockets and the configuration; the logs stay until the object goes. Afterwards nothing of
  // it runs. timed_out if something does (stuck in the kernel).
  Result<void> stop(std::chrono::milliseconds grace);

  // The end of all logs with their names, for a message.
  std::string log_tail(std::size_t lines_of_each = 10) const;

 private:
  FpmMaster(FpmConfiguration configuration, FpmFiles files);

  void end_master(std::chrono::milliseconds grace);
  Result<void> prepare_files() const;
  Result<void> execute();
  Result<void> await_ready(const std::vector<pid_t>& old_workers, Deadline deadline);
  Result<bool> is_ready(const std::vector<pid_t>& old_workers, Deadline deadline);
  Result<void> ping(const std::string& pool, Deadline deadline) const;
  bool is_worker(pid_t pid) const;
  void remove_files(bool logs_too) const;
  tl::unexpected<Failure> start_failure(std::string what) const;
  std::optional<pid_t> master_below() const;

  FpmConfiguration configuration_;
  FpmFiles files_;
  pid_t pid_ = -1;
  std::optional<int> wait_status_;  // Once reaped.
  bool stopped_ = false;
  std::optional<RuntimeGuard> guard_;
};

}  // namespace assay::conformance::php
