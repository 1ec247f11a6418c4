#pragma once

#include "reference/php/interpreter/request_host.h"
#include "reference/realpath_cache/path_operations.h"
#include "reference/script_cache/script_cache_client.h"

namespace assay::reference {

class Worker;

// The files, settings and caches that running scripts reach: those of their worker.
class RequestFiles final : public php::RequestHost {
 public:
  // All are borrowed.
  RequestFiles(Worker& worker, PathOperations& paths, ScriptCacheClient& scripts)
      : worker_(worker), paths_(paths), scripts_(scripts) {}

  Worker& worker() { return worker_; }

  std::optional<std::string> working_directory() override {
    auto directory = paths_.getcwd();
    return directory ? std::optional(*directory) : std::nullopt;
  }
  std::optional<std::string> read_link(const std::string& path) override {
    auto content = paths_.read_link(path);
    return content ? std::optional(*content) : std::nullopt;
  }
  bool change_directory(const std::string& path) override { return paths_.chdir(path).has_value(); }
  // The questions that the script cache may answer (SC-OVR-01).
  bool file_exists(const std::string& path) override { return vouches_for(path) || paths_.file_exists(path); }
  bool is_file(const std::string& path) { return vouches_for(path) || paths_.is_file(path); }
  bool is_readable(const std::string& path) { return vouches_for(path) || paths_.is_readable(path); }
  bool touch(const std::string& path) override { return paths_.touch(path).has_value(); }
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
  PathOperations& paths_;
  ScriptCacheClient& scripts_;
};

}  // namespace assay::reference
