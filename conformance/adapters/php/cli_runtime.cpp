#include "conformance/adapters/php/cli_runtime.h"

#include <fmt/format.h>

#include <filesystem>

#include "conformance/adapter/pool_place.h"
#include "conformance/adapter/root_text.h"
#include "conformance/adapters/php/driver_files.h"

namespace assay::conformance::php {

namespace {

constexpr std::chrono::seconds kServerStartLimit{20};

// All of it is one process, so what holds for its pool holds for it.
Directives all_directives(const Configuration& configuration) {
  Directives all = configuration.pools.empty() ? Directives{} : configuration.pools.front().ini;
  all.insert(configuration.ini.begin(), configuration.ini.end());
  return all;
}

}  // namespace

CliRuntime::CliRuntime(PhpConfiguration configuration, DriverSetup setup, points::ControlBlock control)
    : configuration_(std::move(configuration)), control_(std::move(control)), worker_(std::move(setup), control_) {}

Expected<std::unique_ptr<CliRuntime>> CliRuntime::start(const PhpSettings& settings, const Configuration& configuration,
                                                        const Sandbox& sandbox) {
  if (configuration.worker_count() != 1)
    return failure(fmt::format("php-cli is one process, and {} workers are asked for; --target php-fpm has several",
                               configuration.worker_count()));
  ASSAY_TRY(open_to_users(configuration, sandbox));
  auto [root, scratch, map, control] = ASSAY_TRY(stage_driver(settings, sandbox));
  PhpConfiguration php =
      driver_configuration(settings, all_directives(with_root(configuration, root)), scratch, control.path());
  // It is no child of a master, but all of its clocks are those of a worker.
  php.environment.emplace_back("ASSAY_FREEZE_MONOTONIC", "1");
  const DriverSetup setup{root, scratch, settings.entry_cost, "", map};
  std::unique_ptr<CliRuntime> runtime(new CliRuntime(std::move(php), setup, std::move(control)));
  ASSAY_TRY(runtime->begin());
  return runtime;
}

Expected<void> CliRuntime::begin() {
  server_.reset();
  auto server =
      CliServer::start(configuration_, configuration_.folder + "/driver.php", Deadline::after(kServerStartLimit));
  if (!server) return error_of(server.error());
  server_ = std::move(*server);
  worker_.serve_by(*server_);
  return {};
}

}  // namespace assay::conformance::php
