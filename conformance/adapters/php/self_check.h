#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "conformance/adapters/php/driver_target.h"

namespace assay::conformance::php {

// What was found out by asking a running PHP.
struct PhpFacts {
  bool has_script_cache = false;
  bool has_volatile_cache = false;
  bool has_pinned_cache = false;
  std::string apcu_version;     // empty: APCu is not there, or off
  std::int64_t entry_cost = 0;  // see DriverSetup
  std::optional<MapHead> map;   // where there is one
};

// Starts a runtime in a temporary folder of its own, asks what it has, and proves that the interposer works there: the
// workers' clocks are the virtual ones, and the caches' own calls (of extensions that PHP opens with RTLD_DEEPBIND) are
// seen: storing a script moves the counter of lock calls, with `expires` an entry of the static cache expires when the
// virtual clock says so. Reads the head of the map. An error says what is not so: then no verdict about this PHP would
// mean anything. Leaves nothing behind. About 50 ms.
Expected<PhpFacts> check_php(const PhpSettings& settings, const PhpKind& kind, bool expires = false);

}  // namespace assay::conformance::php
