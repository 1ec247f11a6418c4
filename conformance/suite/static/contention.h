#pragma once

#include <functional>
#include <string>

#include "conformance/registry/registration.h"

namespace assay::conformance {

// Workers that meet on a few keys: each run of theirs has to be linearizable, by CLAUSE.
struct ContentionRuns {
  std::string clause;
  std::string counted;  // what evidence is: pairs of requests that ...
  std::uint64_t traces = 1;
  std::function<Trace(std::uint64_t number)> make;
};

// Inconclusive where fewer than 50 pairs of requests overlapped.
TestResult check_contention(const TestContext& context, const ContentionRuns& runs);

}  // namespace assay::conformance
