#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "reference/config/blacklist.h"
#include "reference/config/settings.h"
#include "reference/file_cache/file_cache.h"
#include "reference/php/interpreter/builtins.h"
#include "reference/script_cache/script_cache.h"
#include "reference/server/preloaded.h"
#include "reference/static_cache/static_cache.h"
#include "support/error.h"

namespace assay::reference {

// What all workers of one runtime share: the settings it was started with and the segments. Made by one process before
// it forks its workers (or starts its threads), and inherited by them; ends with the last process that has it mapped.
// Leaves no name behind: segments are anonymous, lock files are unlinked at once.
class Server {
 public:
  struct Options {
    std::string lock_directory = "/tmp";
    std::int64_t start_time = 0;  // seconds since the epoch
  };

  // Directives as text, by name. An error names what could not be had (GU-SYS-01); one of the code preloading_failed
  // (preload_run.h) has what the preload script said.
  static Expected<std::unique_ptr<Server>> start(const std::map<std::string, std::string>& directives,
                                                 const Options& options);
  ~Server();

  const Settings& settings() const { return settings_; }
  const std::vector<SettingWarning>& warnings() const { return warnings_; }
  // nullptr where the backend is switched off by a size of 0 (ST-CFG-03).
  StaticCache* static_cache(Backend backend) { return static_caches_[static_cast<std::size_t>(backend)].get(); }
  // nullptr where the cache is switched off from the start (SC-SEG-09), or has files only (SC-FIL-10).
  ScriptCache* script_cache() { return script_cache_.get(); }
  // nullptr where there is none, or its directory cannot be used (SC-FIL-01).
  const FileCache* file_cache() const { return file_cache_.get(); }
  const Blacklist& blacklist() const { return blacklist_; }
  const php::Builtins& builtins() const { return *builtins_; }
  // nullptr where nothing was preloaded; and what the preload run said.
  const Preloaded* preloaded() const { return preloaded_ ? &*preloaded_ : nullptr; }
  const std::string& preloading_said() const { return preloading_said_; }

 private:
  Server() = default;
  Expected<void> start_file_cache();
  Expected<void> start_static_cache(Backend backend, std::int64_t bytes, const std::string& lock_directory);
  void read_blacklist();
  Expected<void> preload(const std::string& error_log);
  Settings settings_;
  std::vector<SettingWarning> warnings_;
  std::array<std::unique_ptr<StaticCache>, kBackends> static_caches_;
  std::unique_ptr<ScriptCache> script_cache_;
  std::unique_ptr<FileCache> file_cache_;
  Blacklist blacklist_;
  std::unique_ptr<php::Builtins> builtins_;
  std::optional<Preloaded> preloaded_;
  std::string preloading_said_;
};

// The wall clock in whole seconds: virtual where a control block says so.
std::int64_t wall_clock_seconds();

}  // namespace assay::reference
