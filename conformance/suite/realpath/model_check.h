#pragma once

#include "conformance/exploration/campaign.h"
#include "conformance/exploration/model_check.h"
#include "conformance/models/judge_realpath.h"
#include "conformance/registry/registration.h"

namespace assay::conformance {

// What the model of the realpath cache has to be told of a target.
RealpathHost realpath_host_of(const Target& target);

// Runs traces on the target and has each reply judged by the model of the realpath cache.
TestResult check_against_the_model(TestContext& context, ModelCheck::MakeTrace make);

}  // namespace assay::conformance
