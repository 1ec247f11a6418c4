#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace assay::conformance {

// The options of `assay compare`.
struct CompareCommand {
  std::string a, b;                       // targets, as for --target
  std::vector<std::string> ini_a, ini_b;  // NAME=VALUE, on top of what a history says
  std::uint64_t seed = 1;
  std::optional<int> seconds;  // 60 where neither this nor `histories` is given
  std::optional<std::uint64_t> histories;
  std::vector<std::string> areas;  // none: all that both have
  bool memory = false;
  std::string expectations;
  std::string traces = "assay-differences";  // folder for what replays each difference; empty: none
  std::string phpt;                          // folder for .phpt; empty: none
  std::string json;
};

// Runs the same random histories on both targets and prints how their replies differ. Exit status: 0 no unexpected
// difference, 1 differences, 2 nothing could be compared, 64 wrong use, 69 a target cannot be started, 70 a file cannot
// be written.
int compare_targets(const CompareCommand& command);

}  // namespace assay::conformance
