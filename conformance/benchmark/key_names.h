#pragma once

#include <fmt/format.h>

#include <string>
#include <vector>

namespace {

inline std::vector<std::string> key_names(int count) {
  std::vector<std::string> made;
  for (int i = 0; i < count; ++i) made.push_back(fmt::format("key_{}", i));
  return made;
}

}  // namespace
