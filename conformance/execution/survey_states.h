#pragma once

#include <functional>

#include "conformance/adapter/target.h"
#include "conformance/execution/crash_images.h"
#include "conformance/execution/execution.h"

namespace assay::conformance {

// Executes and judges what follows the crash, on the memory as it is. No request gets more than `limit`; 0: the trace's
// own limits.
using RestOfTrace = std::function<Execution(std::chrono::milliseconds limit)>;

// Screening: puts every distinct crash state in place (`most` of them, evenly spread; 0 for all) and judges the rest of
// the trace on each, by workers that stay alive. Those that hang, die or reply nonsense are replaced between two
// states. What is found here is not confirmed yet.
//
// Writes the survey, the first failure and the evidence into `into`. A rest that ends in *error* or *skip* ends the
// survey, and is its verdict. An error: the system does not let us write the memory, or a worker cannot be replaced.
Expected<void> survey_states(CrashImages& images, Runtime& runtime, int workers, std::size_t most,
                             const RestOfTrace& rest, CrashSurvey survey, Execution& into);

}  // namespace assay::conformance
