#pragma once

#include "reference/php/interpreter/builtins.h"

namespace assay::reference {

// The classes OPcache\VolatileCache and OPcache\PinnedCache for the scripts of a server's workers (static-cache.md 0.4).
// Only RequestFiles may be the host of a request that uses them.
void add_static_cache_classes(php::Builtins& builtins);

}  // namespace assay::reference
