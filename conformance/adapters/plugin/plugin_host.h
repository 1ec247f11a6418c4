#pragma once

#include <string>

namespace assay::conformance::plugin {

// The word that makes this program serve a library: `assay plugin-host FILE`. The suite starts itself so.
inline constexpr const char* kHostCommand = "plugin-host";

// Serves the cache of a library over the process protocol, on standard input and output; its workers are forked with the
// library loaded. Returns the exit status.
int host_plugin(const std::string& library);

}  // namespace assay::conformance::plugin
