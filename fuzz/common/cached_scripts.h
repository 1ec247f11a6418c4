#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "reference/file_cache/file_cache.h"

namespace assay::fuzz {

// A script, what it prints and returns, and the file of the file cache that it becomes. Its number is told by the time
// in the file's header.
struct CachedScript {
  std::string source;
  std::string result;
  std::vector<std::byte> file;
};

// Some scripts, with the times 1000, 1001, ...
inline constexpr std::int64_t first_cached_time = 1000;
const std::vector<CachedScript>& cached_scripts();

// Runs a script within small limits: its output, and its value or error, as text.
std::string result_of(const reference::php::Script& script);

// Where the system id stands in a file of the file cache. Inputs have `?` there, so that they fit every build.
inline constexpr std::size_t system_id_at = 8, system_id_bytes = 32;

}  // namespace assay::fuzz
