#pragma once

#include <functional>

#include "conformance/runner/run_test.h"

namespace assay::conformance {

struct RunnerOptions : TestOptions {
  int jobs = 2;
  std::filesystem::path folder;  // exists; each test gets a folder of its own in it
};

// Runs tests on a target, each in a process of its own (forked, so that `target` is used as it stands), several at a
// time, with the time limit of each (a TimeBudget). `report` is called in this process with each result as it comes. A
// test whose process crashes or exceeds its limit is an *error* that says so, and *inconclusive* where that may be the
// machine's doing. After each test everything that it left running is
// killed. `interrupted` is asked often: when it says true, running tests are ended and have no result.
// REQUIRES: one thread; adopt_orphans() (processes.h) was called.
void run_tests(std::span<const TestCase* const> tests, Target& target, const RunnerOptions& options,
               const std::function<void(TestResult)>& report, const std::function<bool()>& interrupted);

}  // namespace assay::conformance
