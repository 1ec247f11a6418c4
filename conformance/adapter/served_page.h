#pragma once

#include <span>
#include <string>
#include <vector>

#include "conformance/vocabulary/reply.h"
#include "conformance/vocabulary/trace.h"

namespace assay::conformance {

// The reply to `serve` and `visit`: {status, body}. A body that is a JSON array or object in the canonical form of
// values is the value; any other is text. `root` becomes "@" (empty: none does).
Reply served_page(int status, std::string body, std::vector<std::string> diagnostics, const std::string& root);

// The one operation of a request that is a whole one; nullptr for others. An error where something stands beside it.
Expected<const Operation*> whole_request(std::span<const Exchange> exchanges);

}  // namespace assay::conformance
