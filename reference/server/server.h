#pragma once

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
#include "reference/server/partition.h"
#include "reference/server/preloaded.h"
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
    // Scopes of the static cache, by name; true: its start is to fail (ST-CFG-10). There is always one without a name, which
    // all have who name no other (ST-PAR-06).
    std::map<std::string, bool> partitions{};
  };

  // Directives as text, by name. An error names what could not be had (GU-SYS-01); one of the code preloading_failed
  // (preload_run.h) has what the preload script said.
  static Expected<std::unique_ptr<Server>> start(const std::map<std::string, std::string>& directives,
                                                 const Options& options);
  ~Server();
  // Does beforehand what is the same for all servers of a process, and for all workers: one that is going to fork those
  // that start servers, and many of them, saves them the time.
  static void prepare();

  const Settings& settings() const { return settings_; }
  const std::vector<SettingWarning>& warnings() const { return warnings_; }
  // REQUIRES: one of those that it was started with.
  Partition& partition(const std::string& name) { return partitions_.at(name); }
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
  void read_blacklist();
  Expected<void> preload(const std::string& error_log);
  Settings settings_;
  std::vector<SettingWarning> warnings_;
  std::map<std::string, Partition> partitions_;
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
