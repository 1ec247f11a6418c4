#pragma once

#include "conformance/adapters/php/ini.h"

namespace assay::conformance::php {

// The size of the volatile backend as APCu has it (docs/spec/static-cache.md, C.3), in place: N MiB are
// apc.shm_size=NM, and 0 is apc.enabled=0. Other directives are left as they are.
void translate_to_apcu(IniSettings& ini);

}  // namespace assay::conformance::php
