#pragma once

#include "conformance/catalogue/contract.h"
#include "conformance/registry/test_case.h"

namespace assay::conformance {

struct TestOptions {
  Contract contract = Contract::portable();  // a test with a clause that is not in force under it is skipped
  Profile profile = Profile::quick;
  std::uint64_t seed = 1;
  std::chrono::milliseconds bound{1000};
  bool sweep =
      false;  // each trace again and again, with every fault that it has a point for (exploration/trace_sweep.h)
};

// How long the sweep of one test may go on: 20 s, 5 min, 30 min. What it has not tried by then it says.
std::chrono::seconds sweep_time(Profile profile);

// Why the test cannot be asked under this contract: a clause of it is not in force. Empty where it can.
std::string why_not_in_force(const TestCase& test, const Contract& contract);

// Runs one test in this process, in a folder that exists and is its own. Never throws: what breaks is an *error*.
TestResult run_test(const TestCase& test, Target& target, const std::filesystem::path& folder,
                    const TestOptions& options);

}  // namespace assay::conformance
