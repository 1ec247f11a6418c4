#pragma once

#include "conformance/models/judge_scripts.h"
#include "conformance/registry/registration.h"

namespace assay::conformance {

// What the model of the script cache has to be told of a target.
ScriptHost script_host_of(const Description& target);

// Runs a trace on the target and has each reply judged by the model. A refusal is shrunk, and its trace expects anything
// but the reply that the model refused. Evidence counts the operations that the model judged.
TestResult check_scripts_against_the_model(TestContext& context, const Trace& trace);

}  // namespace assay::conformance
