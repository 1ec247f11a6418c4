#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "conformance/vocabulary/value.h"

namespace assay::conformance {

// What a fetch is asked to return where there is nothing.
inline const Value none = "none";

// Larger than the 8 MiB that tests give the backend, also for a cache that compresses.
inline const std::string& oversized() {
  static const std::string value = [] {
    std::string bytes(9'000'000, '\0');
    std::uint32_t state = 1;
    for (char& byte : bytes) {
      state = state * 1'664'525 + 1'013'904'223;
      byte = static_cast<char>(state >> 24);
    }
    return bytes;
  }();
  return value;
}

inline std::string text(std::size_t bytes, char letter) {
  return std::string(bytes, letter);
}

// Values for traces. The same number means the same object, or reference, again.
inline Value object_of(int number, std::string class_name, Elements properties) {
  return Object{number, false, std::move(class_name), std::move(properties)};
}
inline Value same_object(int number) {
  return Object{number, true, "", {}};
}
inline Value shared(int number, Value content) {
  return Reference{number, {std::move(content)}};
}
inline Value same_reference(int number) {
  return Reference{number, {}};
}

// What can be stored nowhere; each target makes one of its own of it.
inline Value closure() {
  return object_of(1, "Closure", {});
}
inline Value resource() {
  return object_of(1, "resource", {});
}

}  // namespace assay::conformance
