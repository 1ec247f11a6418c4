#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "conformance/reports/run_report.h"
#include "conformance/runner/runner.h"

namespace assay::conformance {

// Where to look first when a target that nobody knows yet fails: at the suite (the reference fails the first failed test,
// too), at the adapter (its self-check fails already), or at the implementation. Empty where nothing failed. Both are
// really tried. `folder` exists and is left as it was; `options` are those of the run. Empty, too, once `is_interrupted`.
std::string where_to_look_first(const RunReport& report, Target& target, const RunnerOptions& options,
                                const std::filesystem::path& folder, const std::function<bool()>& is_interrupted);

}  // namespace assay::conformance
