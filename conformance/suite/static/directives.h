#pragma once

namespace assay::conformance {

// The sizes of the static cache's backends, in MiB.
inline constexpr const char* volatile_size = "opcache.static_cache.volatile_size_mb";
inline constexpr const char* pinned_size = "opcache.static_cache.pinned_size_mb";

}  // namespace assay::conformance
