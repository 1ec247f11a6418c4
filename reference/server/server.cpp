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
  return server;
}

Server::~Server() = default;

std::int64_t wall_clock_seconds() {
  return points::realtime_ns() / 1'000'000'000;
}

}  // namespace assay::reference
