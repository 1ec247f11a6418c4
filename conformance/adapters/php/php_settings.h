#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "conformance/adapters/php/ini.h"
#include "conformance/adapters/php/php_binary.h"
#include "conformance/adapters/php/php_map.h"
#include "conformance/vocabulary/trace.h"

namespace assay::conformance::php {

// What all runtimes of one target have in common.
struct PhpSettings {
  PhpBinary binary;
  bool with_opcache = true;   // false: OPcache is not loaded
  MapSource map;              // what the operations of the static cache are; empty: there is none
  IniSettings size{}, off{};  // what the map calls the size of its cache (map_directives.h)
  std::vector<std::string> extensions;
  IniSettings ini;               // below what a configuration says
  std::string interposer;        // path of the preloaded library
  std::int64_t entry_cost = 0;   // see DriverSetup
  std::string cli;               // path of the command-line PHP of the same version; empty: there is none
  bool cli_has_opcache = false;  // without loading it
  std::string nginx;             // path of the web server for visits; empty: there is none
};

}  // namespace assay::conformance::php
