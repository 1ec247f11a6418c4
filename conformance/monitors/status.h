#pragma once

#include <optional>

#include "conformance/vocabulary/observation.h"

namespace assay::conformance {

// The numbers and flags of a script_status reply; each is empty where the report does not have it in that form.
struct ScriptStatus {
  std::optional<bool> enabled, restart_pending, restart_in_progress;
  std::optional<std::int64_t> used, free, wasted;
  std::optional<std::int64_t> strings_size, strings_used, strings_free;
  std::optional<std::int64_t> scripts_counted, restarts, restart_mark, start_time;
  const Elements* scripts = nullptr;  // in the observation
};

// nullopt where the observation is no status report.
std::optional<ScriptStatus> script_status(const Observation& observation);

}  // namespace assay::conformance
