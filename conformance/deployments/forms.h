#pragma once

#include <span>
#include <string>

#include "conformance/deployments/measure.h"
#include "conformance/vocabulary/value_json.h"

namespace assay::conformance {

// The table of strategies for a terminal.
std::string deployments_text(const Description& target, std::span<const MeasuredRollout> rollouts);

inline constexpr char deployments_schema[] = "assay-deployments/1";

// Schema assay-deployments/1 (docs/user-guide.md).
Json deployments_json(const Description& target, std::span<const MeasuredRollout> rollouts);

// One self-contained page: for each strategy what was measured, and a line of time for each worker.
std::string deployments_html(const Description& target, std::span<const MeasuredRollout> rollouts);

// The cells of the table, in words. REQUIRES: it was measured.
std::string in_words_new_after(const MeasuredRollout& rollout);
std::string in_words_mixed(const MeasuredRollout& rollout);
std::string in_words_stale(const MeasuredRollout& rollout);

}  // namespace assay::conformance
