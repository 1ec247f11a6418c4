#pragma once

#include <filesystem>

#include "conformance/execution/executor.h"

namespace assay::conformance {

// Kills a worker right before each system call of one request, for real, each time in a runtime of its own, and judges
// what is left: the crash states of what a request changes in files.
//
// The trace holds one action `explore_crash` with `by` "call", the request under test after it, and after that the
// judge.
class CallDeaths {
 public:
  // `most`: deaths to try, evenly spread; 0 for all.
  CallDeaths(Target& target, std::filesystem::path folder, std::size_t most)
      : executor_(target, std::move(folder)), most_(most) {}

  // A fail has the trace that replays the first death that breaks something, and lists the others. Where a process
  // cannot be followed the result is inconclusive.
  TestResult explore(const Trace& pattern);

 private:
  Executor executor_;
  std::size_t most_;
};

}  // namespace assay::conformance
