#pragma once

#include <string>
#include <utility>

#include "conformance/vocabulary/value.h"

namespace assay::conformance {

// What a fetch is asked to return where there is nothing.
inline const Value none = "none";

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
