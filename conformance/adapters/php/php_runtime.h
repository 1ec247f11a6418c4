#pragma once

#include <memory>
#include <string>
#include <vector>

#include "conformance/adapter/target.h"
#include "conformance/adapters/php/driver_worker.h"
#include "conformance/adapters/php/fpm_master.h"
#include "conformance/adapters/php/php_settings.h"
#include "conformance/adapters/php/php_worker.h"
#include "faults/points/control_block.h"

namespace assay::conformance::php {

// One php-fpm master with its workers. A pool of the configuration is a pool of php-fpm, its directives are admin
// values.
class PhpRuntime final : public DriverRuntime {
 public:
  static Expected<std::unique_ptr<PhpRuntime>> start(const PhpSettings& settings, const Configuration& configuration,
                                                     const Sandbox& sandbox);

  Worker& worker(int number) override { return php_worker(number); }
  PhpWorker& php_worker(int number) { return *workers_.at(static_cast<std::size_t>(number)); }
  Expected<void> replace(int number) override;
  Expected<void> reload() override;
  std::string log() const override { return master_->log_tail(40); }

  // Found by what the master holds (lock_file.h).
  Expected<LockBytes> lock_bytes() const override;

  FpmMaster& master() { return *master_; }
  points::ControlBlock& control() override { return control_; }
  DriverWorker& driver_worker() override { return php_worker(0); }

 private:
  PhpRuntime(std::unique_ptr<FpmMaster> master, points::ControlBlock control)
      : master_(std::move(master)), control_(std::move(control)) {}

  void make_workers(const DriverSetup& setup);
  Expected<void> learn_process(PhpWorker& worker);
  Expected<void> learn_processes();

  std::unique_ptr<FpmMaster> master_;
  std::unique_ptr<WebFront> front_;  // in front of the master: goes first
  points::ControlBlock control_;
  std::vector<std::unique_ptr<PhpWorker>> workers_;
};

}  // namespace assay::conformance::php
