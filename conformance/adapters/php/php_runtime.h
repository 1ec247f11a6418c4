#pragma once

#include <memory>
#include <string>
#include <vector>

#include "conformance/adapter/target.h"
#include "conformance/adapters/php/fpm_master.h"
#include "conformance/adapters/php/php_binary.h"
#include "conformance/adapters/php/php_map.h"
#include "conformance/adapters/php/php_worker.h"
#include "faults/points/control_block.h"

namespace assay::conformance::php {

// What all runtimes of one target have in common.
struct PhpSettings {
  PhpBinary binary;
  bool with_opcache = true;   // false: OPcache is not loaded
  MapSource map;              // what the operations of the static cache are; empty: there is none
  IniSettings size{}, off{};  // what the map calls the size of its cache (map_directives.h)
  std::vector<std::string> extensions;
  IniSettings ini;               // below what a configuration says
  std::string interposer;        // path of the preloaded library
  std::int64_t entry_cost = 0;   // see DriverSetup
  std::string cli;               // path of the command-line PHP of the same version; empty: there is none
  bool cli_has_opcache = false;  // without loading it
  std::string nginx;             // path of the web server for visits; empty: there is none
};

// One php-fpm master with its workers. A pool of the configuration is a pool of php-fpm, its directives are admin
// values.
class PhpRuntime final : public Runtime {
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
  points::ControlBlock& control() { return control_; }

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
