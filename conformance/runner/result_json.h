#pragma once

#include "conformance/registry/verdict.h"

namespace assay::conformance {

// A test result as it travels from the process of a test to the runner. Not a public format.
Json result_to_json(const TestResult& result);
Expected<TestResult> result_from_json(const Json& json);

}  // namespace assay::conformance
