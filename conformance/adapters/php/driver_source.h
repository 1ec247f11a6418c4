#pragma once

#include <string>
#include <string_view>

namespace assay::conformance::php {

// What the operations of the static cache are mapped to.
enum class StaticCacheBridge { none, apcu, opcache };

// The text of the driver script (driver/core.php and its pieces) for one runtime. See there what it does.
std::string driver_source(StaticCacheBridge bridge);

namespace driver_pieces {
extern const std::string_view kCore, kOperations, kEnding, kForm, kReading, kScripts, kFiles, kRequests, kStaticCaches;
extern const std::string_view kApcu, kOpcacheStaticCache, kNoStaticCache;
}  // namespace driver_pieces

}  // namespace assay::conformance::php
