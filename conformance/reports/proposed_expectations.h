#pragma once

#include <string>

#include "conformance/reports/run_report.h"

namespace assay::conformance {

// The failures of a run that no expectation stands for, as a file of expectations (expectations.h) for its reader to mend:
// what was seen stands as the reason, the clause as the link. Nothing else of the run is said: what broke or was
// inconclusive cannot be expected.
std::string proposed_expectations(const RunReport& report);

}  // namespace assay::conformance
