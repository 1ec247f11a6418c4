#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "conformance/vocabulary/value.h"

namespace assay::conformance {

// What a fetch is asked to return where there is nothing.
inline const Value none = "none";

// Larger than the 8 MiB that tests give the backend, also for a cache that compresses: 62 letters and signs by chance, of
// not quite six bits each. Made anew each time: what this process keeps, it hands to each process that it forks.
inline std::string oversized() {
  std::string text(11'600'000, '\0');
  std::uint64_t state = 1;
  for (std::size_t at = 0; at < text.size(); at += 4) {
    state = state * 6'364'136'223'846'793'005 + 1'442'695'040'888'963'407;
    for (std::size_t i = 0; i < 4; ++i)
      text[at + i] = static_cast<char>('A' + (state >> (32 + 8 * i) & 255) * 62 / 256);
  }
  return text;
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
