#pragma once

#include <optional>
#include <string>
#include <vector>

#include "support/error.h"

namespace assay::conformance {

// A difference between two targets that is known beforehand.
struct KnownDifference {
  std::string difference;  // a glob over kinds, or a kind as it is printed
  std::string reason;      // why they differ
  std::string link;        // where that is written down
  int line = 0;            // in its file
};

// The file of `assay compare --expectations`, in the form of other expectations (expectations.h):
//
//   {"difference": "script_status: value at jit*", "reason": "the reference has no JIT", "link": "https://..."}
//
// Strict: all three must be there. Errors name file, line and field.
Expected<std::vector<KnownDifference>> known_differences_from_text(const std::string& text, const std::string& file);
Expected<std::vector<KnownDifference>> read_known_differences(const std::string& file);

// The first that names the kind.
std::optional<KnownDifference> known_difference(const std::vector<KnownDifference>& known, const std::string& kind);

}  // namespace assay::conformance
