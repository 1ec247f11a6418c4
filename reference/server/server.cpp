#include "reference/server/server.h"

#include "faults/points/clock.h"
#include "reference/php/library/standard_functions.h"
#include "reference/server/static_cache_classes.h"

namespace assay::reference {

Expected<std::unique_ptr<Server>> Server::start(const std::map<std::string, std::string>& directives,
                                                const Options& options) {
  std::unique_ptr<Server> server(new Server);
  ParsedSettings parsed = parse_settings(directives);
  server->settings_ = std::move(parsed.settings);
  server->warnings_ = std::move(parsed.warnings);
  const Settings& given = server->settings_;
  ASSAY_TRY(server->start_static_cache(Backend::volatile_, given.volatile_size_bytes, options.lock_directory));
  ASSAY_TRY(server->start_static_cache(Backend::pinned, given.pinned_size_bytes, options.lock_directory));
  ASSAY_TRY(server->start_file_cache());
  if (server->settings_.enable && !server->settings_.file_cache_only) {
    // The lock file goes where the directive says; without one, to the folder of this runtime.
    Settings settings = server->settings_;
    if (!directives.contains("opcache.lockfile_path")) settings.lockfile_path = options.lock_directory;
    server->script_cache_ = ASSAY_TRY(ScriptCache::create(settings, options.start_time));
  }
  server->read_blacklist();
  server->builtins_ = php::standard_builtins();
  add_static_cache_classes(*server->builtins_);
  return server;
}

Server::~Server() = default;

Expected<void> Server::start_static_cache(Backend backend, std::int64_t bytes, const std::string& lock_directory) {
  if (bytes == 0) return {};
  static_caches_[static_cast<std::size_t>(backend)] = ASSAY_TRY(
      StaticCache::create(static_cast<std::size_t>(bytes), lock_directory, settings_.preferred_memory_model));
  return {};
}

// An unusable directory is as none (SC-FIL-01), unless there would be no cache at all then (SC-FIL-10).
Expected<void> Server::start_file_cache() {
  if (!settings_.enable) return {};
  file_cache_ = FileCache::open(settings_, Log(settings_));
  if (!file_cache_ && settings_.file_cache_only)
    return failure(
        "opcache.file_cache_only is set without a proper setting of opcache.file_cache: name an absolute, "
        "accessible directory");
  if (!file_cache_) settings_.file_cache.clear();
  return {};
}

void Server::read_blacklist() {
  if (!settings_.enable || settings_.blacklist_filename.empty()) return;
  blacklist_ = Blacklist::read(settings_.blacklist_filename);
  if (blacklist_.lists() == 0)
    Log(settings_).write(LogLevel::warning, "No blacklist file found matching: " + settings_.blacklist_filename);
}

std::int64_t wall_clock_seconds() {
  return points::realtime_ns() / 1'000'000'000;
}

}  // namespace assay::reference
