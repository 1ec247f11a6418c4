#pragma once

#include <map>
#include <set>
#include <string>

#include "conformance/registry/test_case.h"

namespace assay::conformance {

// What a test needs, as far as it can be said without a target: a trace is built for a target that declares nothing.
std::set<std::string> features_needed(const TestCase& test);

// What one more feature would add.
struct Unlocked {
  int tests = 0;    // that lack nothing but this
  int clauses = 0;  // that need it
};
struct Unlocks {
  std::map<std::string, Unlocked> by_feature;  // those that the target does not claim, each worth something
  int several = 0;                             // tests that lack more than one
};
Unlocks what_unlocks(const std::set<std::string>& claimed);

}  // namespace assay::conformance
