#pragma once

#include "reference/script_cache/script_cache_client.h"
#include "reference/server/path_host.h"

namespace assay::reference {

class Worker;

// The files, settings and caches that running scripts reach: those of their worker.
class RequestFiles final : public PathHost {
 public:
  // All are borrowed.
  RequestFiles(Worker& worker, PathOperations& paths, ScriptCacheClient& scripts)
      : PathHost(paths), worker_(worker), scripts_(scripts) {}

  Worker& worker() { return worker_; }

  // The questions that the script cache may answer (SC-OVR-01).
  bool file_exists(const std::string& path) override { return vouches_for(path) || paths_.file_exists(path); }
  bool is_file(const std::string& path) { return vouches_for(path) || paths_.is_file(path); }
  bool is_readable(const std::string& path) { return vouches_for(path) || paths_.is_readable(path); }
  std::int64_t fork() override;
  std::optional<std::string> setting(const std::string& name) override {
    return text_of_setting(scripts_.settings(), name);
  }

 private:
  bool vouches_for(const std::string& path) {
    const Settings& settings = scripts_.settings();
    if (!settings.enable_file_override) return false;
    const std::string directory = paths_.getcwd().value_or("");
    return scripts_.vouches_for({path, directory, settings.include_path, {}, false});
  }

  Worker& worker_;
  ScriptCacheClient& scripts_;
};

}  // namespace assay::reference
