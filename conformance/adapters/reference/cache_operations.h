#pragma once

#include <optional>

#include "conformance/vocabulary/trace.h"
#include "reference/server/worker.h"

namespace assay::conformance {

// The static cache's operations on the reference; nullopt for an operation of another kind.
std::optional<Reply> perform_cache_operation(const Operation& operation, reference::Worker& worker);

}  // namespace assay::conformance
