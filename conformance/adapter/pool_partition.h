#pragma once

#include <string>

#include "conformance/adapter/target.h"

namespace assay::conformance {

// The scope of the static cache that a pool names in a trace (static_cache.partitions, static-cache.md 13). Each worker of
// a trace is a pool of its own: those that name the same one share it, and those that name none.
inline constexpr const char* kPoolPartition = "assay.partition";
// Among the directives of a pool, or of all: the start of its scope fails (static_cache.startup_failure, ST-CFG-10).
inline constexpr const char* kPartitionRefused = "assay.partition_refused";

inline std::string partition_of(const Directives& pool) {
  const auto named = pool.find(kPoolPartition);
  return named == pool.end() ? "" : named->second;
}

}  // namespace assay::conformance
