#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace assay::fuzz {

inline std::string text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// What must hold for every input: where it does not, the input is a finding. Says what and why, and ends the process.
inline void demand(bool holds, const char* what, const std::string& detail = "") {
  if (holds) return;
  std::fprintf(stderr, "fuzz: does not hold: %s\n%s\n", what, detail.c_str());
  std::abort();
}

}  // namespace assay::fuzz
