#include "reference/server/partition.h"

namespace assay::reference {

Partition Partition::start(const Settings& settings, const std::string& lock_directory, bool is_refused) {
  Partition made;
  made.sizes_[static_cast<std::size_t>(Backend::volatile_)] = settings.volatile_size_bytes;
  made.sizes_[static_cast<std::size_t>(Backend::pinned)] = settings.pinned_size_bytes;
  if (is_refused) made.failure_ = "the static cache was told to fail at its start";
  for (std::size_t i = 0; i < kBackends && made.failure_.empty(); ++i) {
    if (made.sizes_[i] == 0) continue;
    auto cache =
        StaticCache::create(static_cast<std::size_t>(made.sizes_[i]), lock_directory, settings.preferred_memory_model);
    if (cache)
      made.caches_[i] = std::move(*cache);
    else
      made.failure_ = cache.error().message;
  }
  if (!made.failure_.empty()) made.caches_ = {};
  return made;
}

}  // namespace assay::reference
