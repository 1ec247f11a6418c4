#include "reference/server/partition.h"

namespace assay::reference {
namespace {

// Pinned entries never go by themselves (ST-FUL-03).
Eviction eviction_of(Backend backend, const Settings& settings) {
  if (backend == Backend::pinned || settings.evict == "refuse") return Eviction::refuse;
  return settings.evict == "wipe" ? Eviction::wipe : Eviction::least_recently_used;
}

}  // namespace

Partition Partition::start(const Settings& settings, const std::string& lock_directory, bool is_refused) {
  Partition made;
  made.sizes_[static_cast<std::size_t>(Backend::volatile_)] = settings.volatile_size_bytes;
  made.sizes_[static_cast<std::size_t>(Backend::pinned)] = settings.pinned_size_bytes;
  made.is_without_opcache_ = !settings.enable || settings.file_cache_only;
  if (made.is_without_opcache_) {
    made.failure_ = settings.enable ? "OPcache has files only (opcache.file_cache_only), and no shared memory"
                                    : "OPcache is switched off (opcache.enable)";
  }
  if (is_refused && made.failure_.empty()) made.failure_ = "the static cache was told to fail at its start";
  for (std::size_t i = 0; i < kBackends && made.failure_.empty(); ++i) {
    if (made.sizes_[i] == 0) continue;
    auto cache = StaticCache::create(static_cast<std::size_t>(made.sizes_[i]), lock_directory,
                                     settings.preferred_memory_model, eviction_of(static_cast<Backend>(i), settings));
    if (cache)
      made.caches_[i] = std::move(*cache);
    else
      made.failure_ = cache.error().message;
  }
  if (!made.failure_.empty()) made.caches_ = {};
  return made;
}

}  // namespace assay::reference
