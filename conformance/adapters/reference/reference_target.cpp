#include "conformance/adapters/reference/reference_target.h"

#include <fmt/format.h>

#include <cerrno>

#include "conformance/adapter/pool_place.h"
#include "conformance/adapters/reference/reference_runtime.h"

namespace assay::conformance {
namespace {

class ReferenceTarget final : public Target {
 public:
  explicit ReferenceTarget(WorkerForm form) : form_(form) {
    description_.name = "reference";
    description_.version = "0.1.0";
    description_.features = {"workers",
                             "scripts",
                             "files",
                             "realpath_cache",
                             "realpath_cache.open_basedir",
                             "script_cache",
                             "script_cache.blacklist",
                             "script_cache.file_cache",
                             "script_cache.file_override",
                             "script_cache.isolation",
                             "script_cache.open_basedir",
                             "script_cache.log",
                             "script_cache.memory_models",
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
                             "static_cache.objects",
                             "static_cache.references",
                             "static_cache.forbidden_values",
                             "static_cache.store_type",
                             "static_cache.scripts",
                             "static_cache.attributes",
                             "static_cache.partitions",
                             "static_cache.startup_failure",
                             "static_cache.locks",
                             "static_cache.ttl",
                             "static_cache.reset"};
    if (form == WorkerForm::processes)
      description_.features.insert(
          {"workers.processes", "workers.fork", "workers.recycled", "fault.kill", "script_cache.forced_restart"});
    else
      description_.features.insert("workers.threads");
    if (form == WorkerForm::processes) description_.features.merge(features_of_places());
    description_.choices = {{"evict", "refuse"},
                            {"sweep", "yes"},
                            {"compaction", "no"},
                            {"multi-read", "snapshot"},
                            {"ttl-clock", "wall"},
                            {"ttl-edge", "exclusive"},
                            {"scalar-inline", "yes"},
                            {"next-index", "kept"},
                            {"class-keys", "yes"},
                            {"read-lock", "waiting"},
                            {"int-keys", "no"},
                            {"locks", "striped(256)"},
                            {"leases", "yes"},
                            {"undecodable", "keep"},
                            {"counters-overflow", "wrap"},
                            {"main-script", "none"},
                            {"file-cache-numbers", "checked"}};
  }

  const Description& description() const override { return description_; }

  Expected<std::unique_ptr<Runtime>> start(const Configuration& configuration, const Sandbox& sandbox) override {
    return ReferenceRuntime::start(configuration, sandbox, form_);
  }

 private:
  WorkerForm form_;
  Description description_;
};

Expected<std::unique_ptr<Target>> make(const std::vector<std::pair<std::string, std::string>>& options) {
  WorkerForm form = WorkerForm::processes;
  for (const auto& [name, value] : options) {
    if (value != "processes" && value != "threads") {
      return failure(fmt::format("target reference: {}={} is none of processes, threads", name, value), EINVAL);
    }
    form = value == "threads" ? WorkerForm::threads : WorkerForm::processes;
  }
  return std::make_unique<ReferenceTarget>(form);
}

}  // namespace

TargetKind reference_target_kind() {
  return {"reference", "the embedded clean-room implementation", {{"workers", "processes (default) or threads"}}, make};
}

}  // namespace assay::conformance
