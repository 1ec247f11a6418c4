#include "conformance/adapters/php/php_target.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>

#include "conformance/adapter/pool_place.h"
#include "conformance/adapters/php/driver_target.h"
#include "conformance/adapters/php/found.h"
#include "conformance/adapters/php/map_catalogue.h"
#include "conformance/adapters/php/mapped_target.h"
#include "conformance/adapters/php/on_demand.h"
#include "conformance/adapters/php/php_options.h"
#include "conformance/adapters/php/self_check.h"

namespace assay::conformance::php {

namespace {

// Of every OPcache that serves requests.
const std::set<std::string> kOpcache = {"script_cache",
                                        "script_cache.memory_models",
                                        "script_cache.segment_pieces",
                                        "script_cache.linked_classes",
                                        "script_cache.wrappers",
                                        "script_cache.file_override",
                                        "script_cache.blacklist",
                                        "script_cache.restrict_api",
                                        "script_cache.functions",
                                        "script_cache.isolation",
                                        "script_cache.open_basedir",
                                        "script_cache.open_basedir.files",
                                        "script_cache.log",
                                        "script_cache.protect_memory",
                                        "script_cache.file_cache",
                                        "script_cache.jit",
                                        "script_cache.preloading",
                                        "script_cache.whole_language",
                                        "realpath_cache",
                                        "realpath_cache.wrappers",
                                        "realpath_cache.open_basedir"};
// What takes php-fpm, or several processes.
const std::set<std::string> kUnderFpm = {"script_cache.forced_restart",
                                         "script_cache.abandons_refused",
                                         "script_cache.lock_bytes",
                                         "script_cache.lock_file",
                                         "script_cache.finish_request",
                                         "deploy",
                                         "deploy.user_ini",
                                         "workers.recycled"};

// PHP cannot be asked for POSIX shared memory on a machine, or in a chroot, that has no place for it.
bool has_posix_memory() {
  const std::string name = fmt::format("/assay-trial-{}", ::getpid());
  const int memory = ::shm_open(name.c_str(), O_CREAT | O_EXCL | O_RDWR, 0600);
  if (memory < 0) return false;
  ::shm_unlink(name.c_str());
  ::close(memory);
  return true;
}

std::set<std::string> features_of(const PhpKind& kind, const PhpFacts& facts) {
  std::set<std::string> features = kind.features;
  features.insert(kOpcache.begin(), kOpcache.end());
  if (!has_posix_memory()) features.erase("script_cache.memory_models");
  // Whoever starts as root has to name a user for the preload script; for others a named one is ignored.
  features.insert(::geteuid() == 0 ? "script_cache.preload_user" : "script_cache.ignored_preload_user");
  if (facts.has_volatile_cache)
    features.insert({"static_cache", "static_cache.volatile", "static_cache.ttl", "static_cache.objects",
                     "static_cache.references", "static_cache.forbidden_values", "static_cache.scripts",
                     "static_cache.store_type"});
  if (facts.has_pinned_cache) features.insert({"static_cache", "static_cache.pinned", "static_cache.locks"});
  return features;
}

// Deviations of OPcache that the model of the script cache follows, so that it can judge what comes after them
// (docs/findings.md).
const std::map<std::string, std::string> kOpcacheChoices = {{"compile-of-a-cached-file", "included"},
                                                            {"once-of-a-cached-file-that-is-gone", "included"},
                                                            {"once-of-a-file-that-moved", "kept"},
                                                            {"keys-of-once-includes", "doubled"},
                                                            {"copy-after-a-discarded-compilation", "any"},
                                                            {"key-of-a-key", "unsafe"},
                                                            {"size-of-a-script-filed-without-memory", "none"}};

// What is asked of the PHP itself, whichever way it runs.
Expected<Description> describe(const PhpKind& kind, const char* name, PhpSettings& settings) {
  const PhpFacts facts = ASSAY_TRY(check_php(settings, kind));
  if (!facts.has_script_cache) {
    return failure(
        fmt::format("{}: OPcache does not run with this configuration; look for opcache.enable", settings.binary.path));
  }
  settings.entry_cost = facts.entry_cost;
  if (facts.has_volatile_cache) settings.map.text = kOpcacheStaticCacheMap;
  Description description;
  description.name = name;
  description.version = settings.binary.version;
  description.features = features_of(kind, facts);
  if (is_offered(settings.binary, OnDemand::phar)) description.features.insert("script_cache.archives");
  description.choices = kOpcacheChoices;
  description.contract = "php-" + settings.binary.version;
  return description;
}

Expected<std::unique_ptr<Target>> make_fpm(const Options& options) {
  auto settings = ASSAY_TRY(read_options(options));
  if (!settings.map.empty()) return make_mapped(fpm_kind(), std::move(settings));
  Description description = ASSAY_TRY(describe(fpm_kind(), "php-fpm", settings));
  description.features.insert(kUnderFpm.begin(), kUnderFpm.end());
  description.features.merge(features_of_places());
  if (is_offered(settings.binary, OnDemand::ffi)) description.features.insert({"scripts.ffi", "workers.fork"});
  if (!settings.cli.empty()) {
    description.features.insert({"deploy.cli", "script_cache.cli"});
    if (has_module(settings.cli, "pcntl", settings.binary.root)) description.features.insert("realpath_cache.fork");
  }
  const bool unwanted =
      std::count(options.begin(), options.end(), std::pair<std::string, std::string>("nginx", kNoNginx)) > 0;
  if (settings.nginx.empty())
    description.unknown_operations["visit"] =
        unwanted ? "it was started with nginx=none"
                 : "there is no nginx on this machine; scripts/install-dependencies installs it";
  else
    description.features.insert("deploy.web_server");
  return std::make_unique<DriverTarget>(fpm_kind(), std::move(settings), std::move(description));
}

Expected<std::unique_ptr<Target>> make_cli(const Options& options) {
  auto settings = ASSAY_TRY(read_cli_options(options));
  if (!settings.map.empty()) return make_mapped(cli_kind(), std::move(settings));
  Description description = ASSAY_TRY(describe(cli_kind(), "php-cli", settings));
  return std::make_unique<DriverTarget>(cli_kind(), std::move(settings), std::move(description));
}

}  // namespace

TargetKind fpm_target_kind() {
  return {"php-fpm", "a PHP program under php-fpm: script cache and realpath cache, or what a map says",
          known_options(), make_fpm, found_by_fpm};
}

TargetKind cli_target_kind() {
  return {"php-cli", "a command-line PHP, one process that serves by itself: what needs no second worker",
          known_cli_options(), make_cli, found_by_cli};
}

}  // namespace assay::conformance::php
