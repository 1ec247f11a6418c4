#pragma once

#include <optional>

#include "conformance/vocabulary/trace.h"
#include "reference/server/worker.h"

namespace assay::conformance {

// The file and realpath operations on the reference; nullopt for an operation of another kind.
std::optional<Reply> perform_file_operation(const Operation& operation, reference::Worker& worker);

}  // namespace assay::conformance
