#include "reference/server/server.h"

#include "faults/points/clock.h"

namespace assay::reference {

Expected<std::unique_ptr<Server>> Server::start(const std::map<std::string, std::string>& directives,
                                                const Options& options) {
  std::unique_ptr<Server> server(new Server);
  ParsedSettings parsed = parse_settings(directives);
  server->settings_ = std::move(parsed.settings);
  server->warnings_ = std::move(parsed.warnings);
  if (server->settings_.volatile_size_bytes > 0) {
    auto cache = VolatileCache::create(static_cast<std::size_t>(server->settings_.volatile_size_bytes),
                                       options.lock_directory, server->settings_.preferred_memory_model);
    if (!cache) return tl::unexpected(cache.error());
    server->volatile_cache_ = std::move(*cache);
  }
  if (server->settings_.enable) {
    // The lock file goes where the directive says; without one, to the folder of this runtime.
    Settings settings = server->settings_;
    if (!directives.contains("opcache.lockfile_path")) settings.lockfile_path = options.lock_directory;
    auto cache = ScriptCache::create(settings, options.start_time);
    if (!cache) return tl::unexpected(cache.error());
    server->script_cache_ = std::move(*cache);
  }
  server->builtins_ = script::Builtins::standard();
  return server;
}

Server::~Server() = default;

std::int64_t wall_clock_seconds() {
  return points::realtime_ns() / 1'000'000'000;
}

}  // namespace assay::reference
