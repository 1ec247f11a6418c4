#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "conformance/adapter/target.h"

namespace assay::conformance {

// The random histories of an area.
struct HistorySource {
  std::string area;                               // "script", "realpath", "static"
  std::function<Trace(std::uint64_t seed)> make;  // the same seed gives the same trace, everywhere
};

// The histories that two targets have in common, in the areas that are asked for (none stands for all), and the
// areas that they do not, with the reason. Where the targets declare different choices, histories that would show them
// are not among those.
struct CommonHistories {
  std::vector<HistorySource> sources;
  std::map<std::string, std::string> not_common;
};
CommonHistories common_histories(const Description& a, const Description& b, const std::vector<std::string>& areas);

// The areas that have random histories.
const std::vector<std::string>& areas_with_histories();

}  // namespace assay::conformance
