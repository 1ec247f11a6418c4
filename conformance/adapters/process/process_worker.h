#pragma once

#include <atomic>

#include "conformance/adapters/process/process_runtime.h"
#include "support/file_descriptor.h"

namespace assay::conformance::process {

// One worker of an adapter: its requests go through the adapter, its process is looked at from outside.
class ProcessWorker final : public Worker {
 public:
  ProcessWorker(int number, ProcessRuntime& runtime) : number_(number), runtime_(runtime) {}

  Expected<Outcome> execute(std::span<const Exchange> exchanges, std::chrono::milliseconds limit) override;
  // May be asked while another thread is inside execute().
  std::optional<pid_t> process() const override;

  // 0: it has none of its own.
  void set_process(pid_t pid);
  // Kills the process, if there is one, and waits for its end.
  Expected<void> kill();

 private:
  Expected<Outcome> judge(Conversation::Answer& answer, std::size_t exchanges, Connection& connection) const;
  Outcome read(const Json& message, std::size_t exchanges) const;

  const int number_;
  ProcessRuntime& runtime_;
  std::atomic<pid_t> pid_ = 0;
  FileDescriptor handle_;
};

}  // namespace assay::conformance::process
