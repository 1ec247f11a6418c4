#pragma once

#include <span>
#include <string_view>

// What is known of maps without asking a PHP. In the outer namespace, so that a part which writes scenarios can use it.
namespace assay::conformance {

// A map of the project (maps/*.php), for anybody to copy.
struct BuiltinMap {
  std::string_view name;
  std::string_view summary;
  std::string_view text;
};
std::span<const BuiltinMap> builtin_maps();

extern const std::string_view kApcuMap, kOpcacheStaticCacheMap, kMapSkeleton;

// A claim that a map may make, by its short name.
struct MapClaim {
  const char* name;     // "ttl"; the feature is "static_cache.ttl"
  const char* meaning;  // for people
};
std::span<const MapClaim> map_claims();

}  // namespace assay::conformance
