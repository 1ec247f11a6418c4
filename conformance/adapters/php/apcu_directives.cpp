#include "conformance/adapters/php/apcu_directives.h"

namespace assay::conformance::php {

void translate_to_apcu(IniSettings& ini) {
  for (auto& [name, value] : ini) {
    if (name != "opcache.static_cache.volatile_size_mb") continue;
    const bool off = value == "0";
    name = off ? "apc.enabled" : "apc.shm_size";
    if (!off) value += "M";
  }
}

}  // namespace assay::conformance::php
