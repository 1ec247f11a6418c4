#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "conformance/vocabulary/reply.h"

namespace assay::conformance {

// How a fatal error of a script is told, here as by the PHP adapters (docs/trace-format.md): as thrown by a class that no
// script can declare. The operations after it are not run, and the request is aborted.
inline constexpr std::string_view kFatalError = "Fatal error";

inline Reply fatal_error(std::string message) {
  return Reply::thrown(std::string(kFatalError), std::move(message));
}

// Whether the request ended with this reply.
inline bool ends_request(const Reply& reply) {
  return reply.kind == Reply::Kind::not_run || (reply.kind == Reply::Kind::thrown && reply.error_class == kFatalError);
}

}  // namespace assay::conformance
