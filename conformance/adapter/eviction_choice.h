#pragma once

#include <string>

#include "conformance/adapter/target.h"

namespace assay::conformance {

// Among the directives of a runtime: what its volatile backend does when it is full, "refuse", "wipe" or "lru", instead of
// what the target declares by its choice `evict` (static_cache.eviction, ST-FUL-04).
inline constexpr const char* kEvictionChoice = "assay.evict";

inline std::string eviction_of(const Description& target, const Directives& directives) {
  if (const auto asked = directives.find(kEvictionChoice); asked != directives.end()) return asked->second;
  const auto declared = target.choices.find("evict");
  return declared == target.choices.end() ? "refuse" : declared->second;
}

}  // namespace assay::conformance
