#pragma once

#include <set>
#include <span>
#include <string>
#include <vector>

#include "conformance/adapter/target.h"
#include "conformance/deployments/rollout.h"

namespace assay::conformance {

// A deployment strategy: a way to bring a new release to the workers. Plain data but for the step that does it.
struct Strategy {
  std::string name;   // "link-swap"
  std::string title;  // for people
  std::string note;   // what is done, in one line
  Directives ini{};   // of the runtime
  RolloutKind kind = RolloutKind::link;
  std::set<std::string> needs{};  // features without which it cannot be tried
  Rollout::Deploy deploy{};       // the moment of the deployment; none: the link is swapped
  Rollout::Deploy refresh{};      // what is done right after it, so that stale workers serve the new release
};

// All strategies, in the order of the table.
std::span<const Strategy> strategies();

// The trace that tries one on a target: see rollout.h for what it asks when.
Trace rollout_trace(const Strategy& strategy, const Description& target);

}  // namespace assay::conformance
