#pragma once

#include "conformance/adapters/php/ini.h"

namespace assay::conformance::php {

// The size of the volatile backend as an extension has it, in place. A trace sets N MiB: `size` says which directives
// that are, with "{MiB}" in place of N ({"apc.shm_size", "{MiB}M"}; "{MiB>=4}": N, but at least 4), and `off` those of
// size 0 ({"apc.enabled", "0"}).
// Where they are empty, the trace's own directive stays, which a map can read by get_cfg_var(). Other directives are
// left as they are.
void translate_size(IniSettings& ini, const IniSettings& size, const IniSettings& off);

}  // namespace assay::conformance::php
