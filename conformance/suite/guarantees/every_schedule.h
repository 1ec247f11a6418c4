#pragma once

#include <string>
#include <vector>

#include "conformance/exploration/pair.h"
#include "conformance/registry/registration.h"

namespace assay::conformance {

// What a test of a pair does: all schedules with up to two preemptions, in the quick profile with one.
TestResult every_schedule(const TestContext& context, Pair& pair, const std::string& name,
                          const std::vector<std::string>& clauses);

}  // namespace assay::conformance
