#pragma once

#include "conformance/models/judge_realpath.h"
#include "conformance/registry/registration.h"

namespace assay::conformance {

// What the model of the realpath cache has to be told of a target.
RealpathHost realpath_host_of(const Target& target);

// Runs a trace on the target and has each reply judged by the model. A refusal is shrunk. Evidence counts the
// operations that the model judged; listings and sizes beside them are not counted.
TestResult check_against_the_model(TestContext& context, const Trace& trace);

}  // namespace assay::conformance
