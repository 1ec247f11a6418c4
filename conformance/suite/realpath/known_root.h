#pragma once

#include <filesystem>

#include "conformance/adapter/root_text.h"
#include "conformance/execution/executor.h"
#include "conformance/registry/registration.h"

namespace assay::conformance {

// For tests whose steps or judgement depend on where the sandbox is: lengths and hash keys of its paths.

// The root of the first run of an executor in this folder (Executor::run).
inline std::string root_of_first_run(const TestContext& context) {
  return (std::filesystem::weakly_canonical(context.folder) / "run1" / "tree").string();
}

inline TestResult execute(TestContext& context, const Trace& trace) {
  return result_of(Executor(context.target, context.folder).run(trace), trace);
}

}  // namespace assay::conformance
