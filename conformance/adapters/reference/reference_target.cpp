#include "conformance/adapters/reference/reference_target.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>

#include "conformance/adapter/eviction_choice.h"
#include "conformance/adapter/pool_place.h"
#include "conformance/adapters/reference/reference_runtime.h"
#include "reference/server/server.h"

namespace assay::conformance {
namespace {

class ReferenceTarget final : public Target {
 public:
  ReferenceTarget(WorkerForm form, const std::string& evict) : form_(form) {
    reference::Server::prepare();
    description_.name = "reference";
    description_.version = "0.1.0";
    description_.features = {"workers",
                             "scripts",
                             "files",
                             "realpath_cache",
                             "realpath_cache.open_basedir",
                             "realpath_cache.wrappers",
                             "script_cache",
                             "script_cache.blacklist",
                             "script_cache.file_cache",
                             "script_cache.file_override",
                             "script_cache.isolation",
                             "script_cache.open_basedir",
                             "script_cache.lock_file",
                             "script_cache.functions",
                             "script_cache.protect_memory",
                             "script_cache.finish_request",
                             "script_cache.log",
                             "script_cache.memory_models",
                             "script_cache.segment_pieces",
                             "script_cache.linked_classes",
                             "script_cache.wrappers",
                             "clock.virtual",
                             "fault",
                             "rendezvous",
                             "deploy",
                             "deploy.user_ini",
                             "reload",
                             "script_cache.preloading",
                             "static_cache",
                             "static_cache.volatile",
                             "static_cache.pinned",
                             "static_cache.add",
                             "static_cache.counters",
                             "static_cache.keys",
                             "static_cache.objects",
                             "static_cache.references",
                             "static_cache.forbidden_values",
                             "static_cache.store_type",
                             "static_cache.scripts",
                             "static_cache.attributes",
                             "static_cache.partitions",
                             "static_cache.startup_failure",
                             "static_cache.eviction",
                             "static_cache.in_opcache",
                             "static_cache.restrict_api",
                             "script_cache.restrict_api",
                             "workers.fork",
                             "static_cache.locks",
                             "static_cache.ttl",
                             "static_cache.reset"};
    if (form == WorkerForm::processes)
      description_.features.insert({"workers.processes", "workers.recycled", "fault.kill",
                                    "script_cache.forced_restart", "script_cache.lock_bytes"});
    else
      description_.features.insert("workers.threads");
    if (form == WorkerForm::processes) description_.features.merge(features_of_places());
    // Whoever starts as root has to name a user for the preload script; for others a named one is ignored.
    description_.features.insert(::geteuid() == 0 ? "script_cache.preload_user" : "script_cache.ignored_preload_user");
    description_.choices = {{"evict", evict},           {"lru-order", "exact"},
                            {"sweep", "yes"},           {"compaction", "yes"},
                            {"multi-read", "snapshot"}, {"ttl-clock", "wall"},
                            {"ttl-edge", "exclusive"},  {"scalar-inline", "yes"},
                            {"next-index", "kept"},     {"class-keys", "yes"},
                            {"read-lock", "waiting"},   {"int-keys", "no"},
                            {"locks", "striped(256)"},  {"leases", "yes"},
                            {"undecodable", "keep"},    {"counters-overflow", "wrap"},
                            {"main-script", "none"},    {"file-cache-numbers", "checked"}};
  }

  const Description& description() const override { return description_; }

  Expected<std::unique_ptr<Runtime>> start(const Configuration& configuration, const Sandbox& sandbox) override {
    Configuration own = configuration;
    own.ini.emplace(kEvictionChoice, description_.choices.at("evict"));
    return ReferenceRuntime::start(own, sandbox, form_);
  }

 private:
  WorkerForm form_;
  Description description_;
};

Expected<std::unique_ptr<Target>> make(const std::vector<std::pair<std::string, std::string>>& options) {
  std::string form = "processes", evict = "refuse";
  for (const auto& [name, value] : options) {
    const bool is_form = name == "workers";
    if (is_form ? value != "processes" && value != "threads" : value != "refuse" && value != "wipe" && value != "lru") {
      return failure(fmt::format("target reference: {}={} is none of {}", name, value,
                                 is_form ? "processes, threads" : "refuse, wipe, lru"),
                     EINVAL);
    }
    (is_form ? form : evict) = value;
  }
  return std::make_unique<ReferenceTarget>(form == "threads" ? WorkerForm::threads : WorkerForm::processes, evict);
}

}  // namespace

TargetKind reference_target_kind() {
  return {"reference",
          "the embedded clean-room implementation",
          {{"workers", "processes (default) or threads"},
           {"evict", "what a full static cache does: refuse (default), wipe or lru"}},
          make};
}

}  // namespace assay::conformance
