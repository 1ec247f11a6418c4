#pragma once

#include "conformance/vocabulary/trace.h"

namespace assay::conformance {

// In traces the sandbox of a run is written "@": alone, or in front of a slash anywhere in a text. Adapters put the root in
// its place on the way in, and "@" in the place of the root, wherever it stands, on the way back.
std::string with_root(std::string text, const std::string& root);
Value with_root(Value value, const std::string& root);
Operation with_root(Operation operation, const std::string& root);
Configuration with_root(Configuration configuration, const std::string& root);
Value without_root(Value value, const std::string& root);
std::string without_root(std::string text, const std::string& root);
Reply without_root(Reply reply, const std::string& root);

}  // namespace assay::conformance
