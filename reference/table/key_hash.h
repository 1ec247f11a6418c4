#pragma once

#include <cstdint>
#include <string_view>

namespace assay::reference {

// FNV-1a, 64 bits, with a final mix so that the low bits depend on all. The same in every process of a runtime.
constexpr std::uint64_t hash_key(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3u;
  hash ^= hash >> 32;
  return hash * 0x9e3779b97f4a7c15u;
}

}  // namespace assay::reference
