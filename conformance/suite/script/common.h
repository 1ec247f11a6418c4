#pragma once

#include <string>
#include <utility>

#include "conformance/registry/registration.h"
#include "conformance/vocabulary/status_paths.h"

// What the tests of the script cache have in common: places of the status report, and the reply to a main script.
namespace assay::conformance {

using status_path::hits;
using status_path::keys;
using status_path::misses;
using status_path::scripts;
inline const Path& manual = status_path::manual_restarts;
using status_path::free_memory;
using status_path::pending;
using status_path::used;
using status_path::wasted;

inline Matcher page(std::string body) {
  return equals(Value::map({{"status", 200}, {"body", std::move(body)}}));
}

}  // namespace assay::conformance
