#pragma once

#include "conformance/adapters/process/process_runtime.h"

namespace assay::conformance::process {

// Whether an adapter keeps to the protocol, as far as any verdict rests on it: started in a temporary folder and asked for
// what it must refuse, must overlook, and must give back unchanged; two workers answer in any order. An error says what is
// not so. Leaves nothing behind.
Expected<void> check_adapter(const ProcessSettings& settings, const Description& description);

}  // namespace assay::conformance::process
