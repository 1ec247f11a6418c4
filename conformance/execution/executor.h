#pragma once

#include <filesystem>
#include <string>

#include "conformance/adapter/target.h"
#include "conformance/execution/execution.h"

namespace assay::conformance {

// Executes traces on a target, each on a fresh runtime in a folder of its own, and judges each reply by its matcher and
// the whole by the monitors. The one way in which anything of the suite reaches an implementation.
// One trace at a time. Leaves the folder empty.
class Executor {
 public:
  // `folder` exists and belongs to the executor alone.
  Executor(Target& target, std::filesystem::path folder, ExecutorOptions options = {});

  // Never fails: what breaks is the verdict *error* of the execution. What the machine refused (no process, no memory, no
  // time on a processor) is asked for again, from the beginning, before it is *inconclusive*.
  Execution run(const Trace& trace);

 private:
  Execution run_once(const Trace& trace);

  Target& target_;
  std::filesystem::path folder_;
  ExecutorOptions options_;
  int runs_ = 0;
};

// Features of the trace that the target does not claim, and operations that it does not know, as the reason of a skip;
// empty where it can run.
std::string reason_to_skip(const Trace& trace, const Description& description);

// The execution as the result of a test of that name and clauses: details for people included.
TestResult result_of(const Execution& execution, const Trace& trace);

}  // namespace assay::conformance
