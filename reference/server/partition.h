#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "reference/config/settings.h"
#include "reference/static_cache/static_cache.h"

namespace assay::reference {

// One scope of the static cache (static-cache.md 13): both backends, or the reason why there are none. Nothing in it leads
// to another one (ST-PAR-03). Made before any worker that uses it is forked (ST-AVL-12).
class Partition {
 public:
  // `is_refused`: the start fails, as where the system has no memory (ST-CFG-10). A backend that cannot be had takes the
  // other one with it (ST-CFG-09).
  static Partition start(const Settings& settings, const std::string& lock_directory, bool is_refused);

  // nullptr where the backend is switched off by a size of 0 (ST-CFG-03), or could not be started.
  StaticCache* cache(Backend backend) { return caches_[static_cast<std::size_t>(backend)].get(); }
  std::int64_t configured_bytes(Backend backend) const { return sizes_[static_cast<std::size_t>(backend)]; }
  // Why there is no cache although one was configured; empty where nothing failed.
  const std::string& failure() const { return failure_; }
  // Whether that is because it could not be started, and not because there is no OPcache that it belongs to (ST-CFG-12).
  bool has_failed_to_start() const { return !failure_.empty() && !is_without_opcache_; }

 private:
  std::array<std::unique_ptr<StaticCache>, kBackends> caches_;
  std::array<std::int64_t, kBackends> sizes_ = {};
  std::string failure_;
  bool is_without_opcache_ = false;
};

}  // namespace assay::reference
