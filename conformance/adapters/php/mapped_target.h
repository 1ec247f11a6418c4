#pragma once

#include "conformance/adapters/php/driver_target.h"

namespace assay::conformance::php {

// The static cache of `settings.map`; nothing else of PHP is judged, so OPcache runs only where the map needs it. The
// extension that the map names is loaded unless the settings load it. Errors as read_map_head().
Expected<std::unique_ptr<Target>> make_mapped(const PhpKind& kind, PhpSettings settings);

}  // namespace assay::conformance::php
