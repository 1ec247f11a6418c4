#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "conformance/adapter/target.h"
#include "conformance/adapters/process/adapter_process.h"
#include "conformance/adapters/process/conversation.h"
#include "conformance/adapters/process/messages.h"
#include "faults/points/control_block.h"

namespace assay::conformance::process {

// How the adapters of one target are started.
struct ProcessSettings {
  AdapterCommand command;
  std::chrono::milliseconds limit{10'000};  // for whatever is no request: hello, start, replace, reload
  std::string interposer;                   // path of the library to preload; empty: none
  bool names_processes = false;             // it claims workers.processes
};

// A started adapter that was greeted, and the talk with it.
struct Connection {
  std::unique_ptr<AdapterProcess> adapter;
  std::unique_ptr<Conversation> conversation;

  // The adapter in one sentence, and what it wrote to its standard error; `what` says what is wrong with it.
  std::string complaint(const std::string& what) const;
  // The answer to a message that is no request; an error says what came instead.
  Expected<Json> ask(const Json& message, const char* name, std::chrono::milliseconds limit);
};

// Starts the adapter and greets it. `control` is what an interposer of it reads.
Expected<std::pair<std::shared_ptr<Connection>, Greeting>> connect(const ProcessSettings& settings,
                                                                   const Sandbox& sandbox);

class ProcessWorker;

// One adapter with one started configuration.
class ProcessRuntime final : public Runtime {
 public:
  static Expected<std::unique_ptr<ProcessRuntime>> start(const ProcessSettings& settings,
                                                         const Configuration& configuration, const Sandbox& sandbox);
  ~ProcessRuntime() override;

  Worker& worker(int number) override;
  Expected<void> replace(int number) override;
  Expected<void> reload() override;
  std::string log() const override;

  // Ends the adapter as the destructor does; an error where it does not end by itself when it is told to.
  Expected<void> finish();

  // For the workers.
  std::shared_ptr<Connection> connection() const;
  const std::string root() const { return sandbox_.root.string(); }
  points::ControlBlock& control() { return control_; }

 private:
  ProcessRuntime(const ProcessSettings& settings, const Configuration& configuration, const Sandbox& sandbox,
                 points::ControlBlock control);
  Expected<void> begin();
  Expected<void> take(const Processes& processes, std::size_t first);
  Expected<void> check_process(std::size_t worker, pid_t process) const;

  const ProcessSettings settings_;
  const Configuration configuration_;
  const Sandbox sandbox_;
  points::ControlBlock control_;
  mutable std::mutex mutex_;  // of the pointer
  std::shared_ptr<Connection> connection_;
  std::vector<std::unique_ptr<ProcessWorker>> workers_;
};

}  // namespace assay::conformance::process
