#pragma once

#include <string>

#include "conformance/adapters/php/php_map.h"
#include "conformance/vocabulary/reply.h"
#include "support/error.h"

namespace assay::conformance::php {

// What came of asking a runtime for its map (driver/map_inspection.php) as the head, or why the map cannot be used: a
// message that begins with the file and, where it is known, the line, and says what to do. EINVAL where no machine could
// use it; without where this one does not run it (an extension that is not there, a map that dies or hangs).
// `file` is what the author calls it.
Expected<MapHead> read_map_head(const Outcome& outcome, const std::string& file);

}  // namespace assay::conformance::php
