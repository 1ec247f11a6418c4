#pragma once

#include <string>
#include <string_view>

namespace assay::reference::php {

// A private property of a class and a property of that name of a class that extends it are two. Objects hold the former, which
// only code of its own class sees, under a key with that class in it ("\0Class\0name"), as PHP's cast to array shows it.
inline std::string shadowed_name(std::string_view class_name, std::string_view property) {
  using namespace std::string_literals;
  return "\0"s.append(class_name).append("\0"s).append(property);
}

// The property's name in a key of an object.
inline std::string_view plain_name(std::string_view key) {
  return key.starts_with('\0') ? key.substr(key.rfind('\0') + 1) : key;
}

// The class in such a key; empty where the property is shadowed by none.
inline std::string_view shadowed_class(std::string_view key) {
  return key.starts_with('\0') ? key.substr(1, key.rfind('\0') - 1) : std::string_view();
}

}  // namespace assay::reference::php
