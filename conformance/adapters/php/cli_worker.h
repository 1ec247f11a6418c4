#pragma once

#include <atomic>
#include <optional>
#include <string>

#include "conformance/adapters/php/cli_server.h"
#include "conformance/adapters/php/driver_worker.h"

namespace assay::conformance::php {

// The one worker of a command-line PHP. process() may be asked while another thread is inside execute().
class CliWorker final : public DriverWorker {
 public:
  // `control` lives as long as this.
  CliWorker(DriverSetup setup, points::ControlBlock& control) : DriverWorker(std::move(setup), control) {}

  Expected<Outcome> execute(std::span<const Exchange> exchanges, std::chrono::milliseconds limit) override;
  std::optional<pid_t> process() const override;

  // Which server serves from now on; it lives until the next one is named.
  void serve_by(CliServer& server);

 private:
  Expected<Outcome> ask(const std::string& body, std::size_t exchanges, std::chrono::milliseconds limit) override;
  std::string how_it_ended() const override;

  CliServer* server_ = nullptr;
  std::atomic<pid_t> pid_ = 0;
};

}  // namespace assay::conformance::php
