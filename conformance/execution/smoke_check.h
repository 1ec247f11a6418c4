#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "conformance/adapter/target.h"
#include "conformance/registry/verdict.h"

namespace assay::conformance {

// One operation of a static cache, tried in the plainest way.
struct SmokeResult {
  std::string what;  // "set, then get"
  Verdict verdict = Verdict::pass;
  std::string why;  // of any other verdict
};

// Whether a static cache answers at all: each kind of value there and back, then each operation once, on fresh runtimes.
// For whoever writes an adapter, before the suite judges anything; what a target does not claim is skipped. `folder` as
// for an Executor. `stops`: after which result no other is wanted; left out: none.
std::vector<SmokeResult> check_smoke(Target& target, const std::filesystem::path& folder,
                                     const std::function<bool(const SmokeResult&)>& stops = nullptr);

}  // namespace assay::conformance
