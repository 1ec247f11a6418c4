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
  // As the question whether it is cached does (SC-OVR-01).
  bool vouches_for(const std::string& path);

  Worker& worker_;
  ScriptCacheClient& scripts_;
};

}  // namespace assay::reference
