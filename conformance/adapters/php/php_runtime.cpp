#include "conformance/adapters/php/php_runtime.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string_view>

#include "conformance/adapter/pool_place.h"
#include "conformance/adapter/root_text.h"
#include "conformance/adapters/php/driver_files.h"
#include "conformance/adapters/php/lock_file.h"

namespace assay::conformance::php {

namespace {

using namespace std::chrono_literals;

constexpr auto kStartLimit = 20s;
constexpr auto kReplaceLimit = 10s;
constexpr auto kReloadLimit = 20s;
constexpr auto kFirstReplyLimit = 10s;

std::string pool_name(std::size_t number) {
  return fmt::format("pool{}", number);
}

// What php-fpm itself has to be told of a pool stands among its directives in a trace.
constexpr const char* kMaxRequests = "pm.max_requests";

FpmPool fpm_pool(const Pool& pool, std::size_t number) {
  PoolPlace place = place_of(pool.ini);
  FpmPool fpm{.name = pool_name(number),
              .children = pool.workers,
              .user = std::move(place.user),
              .chroot = std::move(place.root)};
  for (const auto& [name, value] : pool.ini) {
    if (name == kMaxRequests)
      fpm.max_requests = std::atoi(value.c_str());
    else if (name != kPoolUser && name != kPoolRoot)
      fpm.admin_values.emplace_back(name, value);
  }
  return fpm;
}

bool has(const IniSettings& ini, std::string_view name) {
  return std::any_of(ini.begin(), ini.end(), [&](const auto& setting) { return setting.first == name; });
}

// The master resolves the list of what is not stored, and workers inherit its realpath cache: they would start with
// entries of another time than their first request's. So the master gets no realpath cache, and each pool the size that
// was meant. Where the master runs scripts (preloading), it keeps what it has.
void keep_master_from_resolving(FpmConfiguration& fpm, const std::string& standard_size) {
  constexpr const char* kSize = "realpath_cache_size";
  if (has(fpm.ini, "opcache.preload")) return;
  std::string size = standard_size;
  for (const auto& [name, value] : fpm.ini) {
    if (name == kSize) size = value;
  }
  fpm.ini.emplace_back(kSize, "0");
  for (FpmPool& pool : fpm.pools) {
    if (!has(pool.admin_values, kSize)) pool.admin_values.emplace_back(kSize, size);
  }
}

FpmConfiguration fpm_configuration(const PhpSettings& settings, const Configuration& configuration,
                                   const std::string& scratch, const std::string& control) {
  FpmConfiguration fpm{{driver_configuration(settings, configuration.ini, scratch, control)}, {}, {}};
  for (const Pool& pool : configuration.pools) fpm.pools.push_back(fpm_pool(pool, fpm.pools.size()));
  if (settings.with_opcache) keep_master_from_resolving(fpm, settings.binary.realpath_cache_size);
  return fpm;
}

}  // namespace

Expected<std::unique_ptr<PhpRuntime>> PhpRuntime::start(const PhpSettings& settings, const Configuration& configuration,
                                                        const Sandbox& sandbox) {
  ASSAY_TRY(open_to_users(configuration, sandbox));
  auto [root, scratch, map, control] = ASSAY_TRY(stage_driver(settings, sandbox));
  for (const Pool& pool : with_root(configuration, root).pools) {
    const std::string jail = place_of(pool.ini).root;
    if (!jail.empty()) ASSAY_TRY(stage_driver_below(jail, settings.map, scratch));
  }
  auto master = FpmMaster::start(fpm_configuration(settings, with_root(configuration, root), scratch, control.path()),
                                 kStartLimit);
  if (!master) return error_of(master.error());
  std::unique_ptr<PhpRuntime> runtime(new PhpRuntime(std::move(*master), std::move(control)));
  std::vector<std::string> pools;
  for (const FpmPool& pool : runtime->master_->configuration().pools) pools.push_back(pool.name);
  runtime->front_ = std::make_unique<WebFront>(settings.nginx, scratch, std::move(pools));
  runtime->make_workers({root, scratch, settings.entry_cost, settings.cli, map, settings.cli_has_opcache});
  ASSAY_TRY(runtime->learn_processes());
  return runtime;
}

void PhpRuntime::make_workers(const DriverSetup& setup) {
  for (const FpmPool& pool : master_->configuration().pools) {
    const DriverSetup own = pool.chroot.empty() ? setup : setup_below(setup);
    for (int i = 0; i < pool.children; ++i) {
      const int number = static_cast<int>(workers_.size());
      workers_.push_back(std::make_unique<PhpWorker>(number, pool.name, master_->files(), own, control_, *front_));
      if (pool.max_requests > 0) workers_.back()->is_recycled();
    }
  }
}

// In a pool of one the manager knows the process. Among several only a reply tells which of them took the connection,
// so the worker gets a request without operations.
Expected<void> PhpRuntime::learn_process(PhpWorker& worker) {
  for (const FpmPool& pool : master_->configuration().pools) {
    if (pool.name == worker.pool() && pool.children == 1) {
      worker.set_process(master_->worker_of(pool.name).value_or(0));
      return {};
    }
  }
  auto outcome = ASSAY_TRY(worker.execute({}, kFirstReplyLimit));
  if (!worker.process())
    return failure(fmt::format("a worker of {} does not answer: {}", worker.pool(), outcome.detail));
  return {};
}

Expected<void> PhpRuntime::learn_processes() {
  for (auto& worker : workers_) {
    if (auto learned = learn_process(*worker); !learned) return learned;
  }
  return {};
}

Expected<void> PhpRuntime::replace(int number) {
  PhpWorker& worker = php_worker(number);
  const pid_t old = worker.process().value_or(0);
  const Deadline deadline = Deadline::after(kReplaceLimit);
  worker.disconnect();
  // It may have ended by itself: then there is nothing to kill.
  if (old > 0) {
    auto killed = master_->kill_worker(old, deadline);
    if (!killed && killed.error().kind != Failure::Kind::unusable) return error_of(killed.error());
  }
  worker.set_process(0);
  if (auto respawned = master_->await_respawn(worker.pool(), old, deadline); !respawned)
    return error_of(respawned.error());
  return learn_process(worker);
}

Expected<LockBytes> PhpRuntime::lock_bytes() const {
  return LockBytes{ASSAY_TRY(find_lock_file(master_->pid())), 0, 1};
}

Expected<void> PhpRuntime::reload() {
  // Idle workers that wait on an open connection would be given a second to finish.
  for (auto& worker : workers_) {
    worker->disconnect();
    worker->set_process(0);
  }
  if (auto reloaded = master_->reload(Deadline::after(kReloadLimit)); !reloaded) return error_of(reloaded.error());
  return learn_processes();
}

}  // namespace assay::conformance::php
