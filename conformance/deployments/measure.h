#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "conformance/deployments/strategy.h"
#include "conformance/execution/executor.h"

namespace assay::conformance {

// What one worker answered in one virtual second; of several answers the worst.
enum class Served : char { fresh = 'n', old = 'o', mixed = 'm', failed = 'x' };

// What was measured of one strategy on one target. Seconds are virtual and count from the deployment.
struct MeasuredRollout {
  Strategy strategy;
  std::string not_measured;                     // why, if so; nothing below says anything then
  std::optional<std::int64_t> new_after;        // from then on every worker serves the new release alone; none: never
  std::int64_t disagreement = 0;                // seconds in which workers answered differently
  std::int64_t mixed = 0;                       // seconds in which some answer came from both releases
  bool mixed_under_way = false;                 // the request that was under way came from both
  std::int64_t failed = 0;                      // seconds in which some request failed
  std::vector<std::string> stale_for_good;      // parts of the page that were old long after
  std::array<std::vector<Served>, 3> timeline;  // by worker, one for each second from 0 to kWatched
};

// What the observations of a rollout's trace show. Pure.
MeasuredRollout measure(const Strategy& strategy, const Execution& execution);

// Runs the strategy on the target, in the folder, which exists and stays. What the target lacks, and a target that does
// not start, is told in `not_measured`. Takes as long as the watch has requests; nothing else may use the target meanwhile.
MeasuredRollout measure_on(Target& target, const std::filesystem::path& folder, const Strategy& strategy);

}  // namespace assay::conformance
