#pragma once

#include "conformance/vocabulary/trace.h"

namespace assay::fuzz {

// Whether a trace may lead its target out of the sandbox: by a link whose text goes up, or by a directive that names a
// place of its own (a log, a lock file, a cache in files). Such a trace is allowed; what it does is the target's doing.
bool may_lead_out(const conformance::Trace& trace);

}  // namespace assay::fuzz
