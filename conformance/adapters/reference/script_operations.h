#pragma once

#include <optional>

#include "conformance/vocabulary/trace.h"
#include "reference/server/worker.h"

namespace assay::conformance {

// The script cache's operations on the reference; nullopt for an operation of another kind.
std::optional<Reply> perform_script_operation(const Operation& operation, reference::Worker& worker);

// A message as a reply has it: "Level: text".
std::string text_of(const reference::php::Diagnostic& diagnostic);

}  // namespace assay::conformance
