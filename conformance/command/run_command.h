#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "conformance/command/command.h"
#include "conformance/command/conclude.h"
#include "conformance/command/selection.h"

namespace assay::conformance {

// The options of `assay run`.
struct RunCommand {
  std::string target = "reference";
  std::string contract;  // empty: the adapter's
  SelectionOptions selection;
  std::uint64_t seed = 1;
  int jobs = 0;        // 0: one for each processor
  bool sweep = false;  // tests that are traces, each with every fault (exploration/trace_sweep.h)
  bool fail_fast = false;
  ConclusionOptions conclusion;
  std::string rerun_failed;
  std::string failures = "assay-failures";  // folder for reproducers; empty: none
};

// Runs and reports; returns the exit status.
int run_suite(const RunCommand& command, const SuiteIdentity& suite);

// A target that can be used, or the exit status with which to end after the error was printed: 64 for a name or an
// option that is wrong, 69 for a target that cannot be started here.
struct OpenedTarget {
  std::unique_ptr<Target> target;
  int status = 0;
};
OpenedTarget open_target(const std::string& text);
// The same for who wants to run traces on it: what it claims of the clock is tried in the folder first.
OpenedTarget open_target(const std::string& text, const std::filesystem::path& folder);

}  // namespace assay::conformance
