#pragma once

#include <memory>
#include <string>

#include "conformance/adapters/php/cli_worker.h"
#include "conformance/adapters/php/php_settings.h"

namespace assay::conformance::php {

// One command-line PHP with one worker, which is the whole of it: its memory begins anew when it is replaced.
class CliRuntime final : public DriverRuntime {
 public:
  // An error where the configuration has more than one worker.
  static Expected<std::unique_ptr<CliRuntime>> start(const PhpSettings& settings, const Configuration& configuration,
                                                     const Sandbox& sandbox);

  Worker& worker(int) override { return worker_; }
  Expected<void> replace(int) override { return begin(); }
  Expected<void> reload() override { return begin(); }
  std::string log() const override { return server_->log_tail(40); }
  DriverWorker& driver_worker() override { return worker_; }
  points::ControlBlock& control() override { return control_; }

 private:
  CliRuntime(PhpConfiguration configuration, DriverSetup setup, points::ControlBlock control);
  Expected<void> begin();

  const PhpConfiguration configuration_;
  points::ControlBlock control_;
  CliWorker worker_;
  std::unique_ptr<CliServer> server_;
};

}  // namespace assay::conformance::php
