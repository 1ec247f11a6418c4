#pragma once

#include <filesystem>

#include "conformance/adapter/target.h"

namespace assay::conformance {

// Whether a target that claims clock.virtual follows the clock of the suite, forwards and back; an error says what it
// shows instead. Nothing is asked of a target that does not claim it or has no operation `time`. `folder` as for an
// Executor.
Expected<void> check_clock(Target& target, const std::filesystem::path& folder);

}  // namespace assay::conformance
