#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace assay::reference {

// The same in every process of a runtime, all of which are forked from one: the C++ library's has no seed of its process.
inline std::uint64_t hash_key(std::string_view bytes) {
  return std::hash<std::string_view>()(bytes);
}

}  // namespace assay::reference
