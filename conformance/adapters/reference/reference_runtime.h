#pragma once

#include <memory>
#include <vector>

#include "conformance/adapter/target.h"
#include "conformance/adapters/reference/worker_process.h"
#include "reference/server/server.h"

namespace assay::conformance {

enum class WorkerForm { processes, threads };

// A runtime of the reference: the calling process makes the shared part, then forks the workers (or one host process
// for all, where they are threads). All of them die with this process.
class ReferenceRuntime final : public Runtime {
 public:
  static Expected<std::unique_ptr<Runtime>> start(const Configuration& configuration, const Sandbox& sandbox,
                                                  WorkerForm form);
  ~ReferenceRuntime() override;

  Worker& worker(int number) override { return *workers_[static_cast<std::size_t>(number)]; }
  Expected<void> replace(int number) override;
  Expected<void> reload() override;
  std::string log() const override;
  Expected<LockBytes> lock_bytes() const override;

 private:
  ReferenceRuntime(const Configuration& configuration, const Sandbox& sandbox, WorkerForm form);
  Expected<void> start_server();
  Expected<void> start_workers();
  Expected<void> start_process(int number);
  Expected<void> start_host();
  void stop_workers();
  const Directives& pool_directives(int number) const;

  Configuration configuration_;
  Sandbox sandbox_;
  WorkerForm form_;
  std::unique_ptr<reference::Server> server_;
  std::vector<std::unique_ptr<ChannelWorker>> workers_;
  std::vector<pid_t> processes_;  // one per worker, or the host alone
};

}  // namespace assay::conformance
