#pragma once

#include <string>
#include <string_view>

namespace assay::reference::declared_keys {

// The keys of declared statics. They begin with what key_complaint() refuses, so that no explicit key is one of them
// (ST-KEY-07, ST-KEY-10). The backend is in the key as well, which the prefixes of ST-KEY-10 ask for.
inline constexpr std::string_view kVolatile = "volatile_static_class:";
inline constexpr std::string_view kPinned = "pinned_static_class:";

// Of a whole class, by its name in lower case.
inline std::string of_class(std::string_view prefix, std::string_view lower_class) {
  return std::string(prefix) + std::string(lower_class);
}
// Of one property ("$name") or variable ("method()::$name") of it.
inline std::string of_member(std::string_view prefix, std::string_view lower_class, std::string_view member) {
  return of_class(prefix, lower_class) + "::" + std::string(member);
}
// Whether the key is that of the class or of anything in it (ST-ATT-18).
inline bool is_of_class(std::string_view key, std::string_view prefix, std::string_view lower_class) {
  if (!key.starts_with(prefix)) return false;
  key.remove_prefix(prefix.size());
  if (!key.starts_with(lower_class)) return false;
  key.remove_prefix(lower_class.size());
  return key.empty() || key.starts_with("::");
}

}  // namespace assay::reference::declared_keys
