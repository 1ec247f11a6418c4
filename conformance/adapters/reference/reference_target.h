#pragma once

#include "conformance/adapter/target.h"

namespace assay::conformance {

// The embedded reference. Workers are forked processes over one mapping; with the option workers=threads they are
// threads of one host process over one mapping, so that a race detector sees them (then nothing can be killed).
TargetKind reference_target_kind();

}  // namespace assay::conformance
