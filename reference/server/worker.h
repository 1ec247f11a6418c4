#pragma once

#include <memory>
#include <string>

#include "faults/points/worker.h"
#include "reference/realpath/path_operations.h"
#include "reference/server/server.h"

namespace assay::reference {

// One worker: serves one request at a time and owns one realpath cache (RP-LIFE-01). Everything that belongs to a
// worker is a member of it. Made after the fork, in the process (or thread) that serves.
class Worker {
 public:
  // `settings` are those of the worker's pool; `server` must outlive it; `number` is its name for fault plans.
  Worker(Server& server, Settings settings, SystemFileSystem::WorkingDirectoryOwner directory_owner, int number);
  ~Worker();

  // A request begins: its start time is fixed, its settings are those of the pool again.
  void begin_request();
  void end_request();

  Server& server() { return server_; }
  PathOperations& paths() { return *paths_; }
  // The settings of the running request: a script may change some (SC-SIZ-06).
  Settings& request_settings() { return request_settings_; }
  std::int64_t request_time() const { return request_time_; }
  const points::WorkerContext& context() const { return context_; }
  // Objects of the running request are made here.
  Heap& heap() { return *heap_; }

 private:
  Server& server_;
  points::WorkerContext context_;
  Settings settings_;
  Settings request_settings_;
  std::int64_t request_time_ = 0;
  SystemFileSystem files_;
  RealpathCache realpath_cache_;
  std::unique_ptr<PathOperations> paths_;
  std::unique_ptr<Heap> heap_;
};

}  // namespace assay::reference
