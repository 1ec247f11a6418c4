#pragma once

#include <string>
#include <utility>

#include "conformance/registry/test_case.h"

// What the tests of the script cache have in common: places of the status report, and the reply to a main script.
namespace assay::conformance {

inline const Path keys = {"opcache_statistics", "num_cached_keys"};
inline const Path scripts = {"opcache_statistics", "num_cached_scripts"};
inline const Path hits = {"opcache_statistics", "hits"};
inline const Path misses = {"opcache_statistics", "misses"};
inline const Path manual = {"opcache_statistics", "manual_restarts"};
inline const Path used = {"memory_usage", "used_memory"};
inline const Path free_memory = {"memory_usage", "free_memory"};
inline const Path wasted = {"memory_usage", "wasted_memory"};
inline const Path pending = {"restart_pending"};

inline Matcher page(std::string body) {
  return equals(Value::map({{"status", 200}, {"body", std::move(body)}}));
}

}  // namespace assay::conformance
