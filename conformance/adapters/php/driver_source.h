#pragma once

#include <string>
#include <string_view>

namespace assay::conformance::php {

// The text of the driver script (driver/core.php and its pieces). See there what it does.
std::string driver_source();

namespace driver_pieces {
extern const std::string_view kCore, kOperations, kEnding, kForm, kReading, kScripts, kFiles, kRequests, kStaticCaches,
    kMapInspection;
}  // namespace driver_pieces

}  // namespace assay::conformance::php
