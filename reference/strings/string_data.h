#pragma once

#include <cstdint>
#include <string_view>

namespace assay::reference {

// Bytes of a compiled script, in an arena or in a segment: never changed, owned by whatever holds the bytes.
struct StringData {
  const char* bytes;
  std::uint64_t size;
  std::string_view view() const { return {bytes, size}; }
};

}  // namespace assay::reference
