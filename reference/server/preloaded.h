#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace assay::reference {

// What the status report says of preloading (PL-STA-01).
struct Preloaded {
  std::vector<std::string> functions;
  std::vector<std::string> classes;  // also those that could not be linked (PL-STA-02)
  std::vector<std::string> scripts;  // resolved paths, the preload script first
  std::uint64_t memory_consumption = 0;
};

}  // namespace assay::reference
