#pragma once

#include "conformance/vocabulary/value.h"

// The places inside the status report of a script cache (operation script_status), under short names: the one place where
// suite, monitors and models have them from. docs/spec/script-cache.md says what each is.
namespace assay::conformance::status_path {

// Flags.
inline const Path enabled = {"opcache_enabled"};
inline const Path pending = {"restart_pending"};
inline const Path in_progress = {"restart_in_progress"};
inline const Path full = {"cache_full"};

// Memory, in bytes but for the percentage.
inline const Path used = {"memory_usage", "used_memory"};
inline const Path free_memory = {"memory_usage", "free_memory"};
inline const Path wasted = {"memory_usage", "wasted_memory"};
inline const Path wasted_percentage = {"memory_usage", "current_wasted_percentage"};

// The buffer of interned strings.
inline const Path strings_size = {"interned_strings_usage", "buffer_size"};
inline const Path strings_used = {"interned_strings_usage", "used_memory"};
inline const Path strings_free = {"interned_strings_usage", "free_memory"};
inline const Path strings_number = {"interned_strings_usage", "number_of_strings"};

// Counts and times.
inline const Path scripts = {"opcache_statistics", "num_cached_scripts"};
inline const Path keys = {"opcache_statistics", "num_cached_keys"};
inline const Path max_keys = {"opcache_statistics", "max_cached_keys"};
inline const Path hits = {"opcache_statistics", "hits"};
inline const Path misses = {"opcache_statistics", "misses"};
inline const Path blacklist_misses = {"opcache_statistics", "blacklist_misses"};
inline const Path hit_rate = {"opcache_statistics", "opcache_hit_rate"};
inline const Path start_time = {"opcache_statistics", "start_time"};
inline const Path last_restart = {"opcache_statistics", "last_restart_time"};
inline const Path oom_restarts = {"opcache_statistics", "oom_restarts"};
inline const Path hash_restarts = {"opcache_statistics", "hash_restarts"};
inline const Path manual_restarts = {"opcache_statistics", "manual_restarts"};

}  // namespace assay::conformance::status_path
