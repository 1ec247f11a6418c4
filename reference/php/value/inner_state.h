#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

#include "reference/php/value/value.h"

// Private properties of the classes of our own that the interpreter itself looks at. No script has properties of such
// names.
namespace assay::reference::php::inner_state {

constexpr std::string_view kArray = "__array";  // the array that the object stands for
constexpr std::string_view kFlags = "__flags";  // of such an object
constexpr std::string_view kPlace = "__at";     // where a list is gone through
constexpr std::string_view kSeconds = "__seconds";
constexpr std::string_view kMicroseconds = "__microseconds";
constexpr std::string_view kZone = "__zone";

// What dates are compared by.
struct Moment {
  std::int64_t seconds = 0;
  std::int64_t microseconds = 0;
  auto operator<=>(const Moment&) const = default;
};

// Nothing where the object is no date, or its constructor did not run.
std::optional<Moment> moment_of(const Object& object);

}  // namespace assay::reference::php::inner_state
