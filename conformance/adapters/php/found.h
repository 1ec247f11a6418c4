#pragma once

#include <string>

#include "conformance/adapters/php/php_options.h"

namespace assay::conformance::php {

// What the options lead to on this machine (TargetKind::found): the program, its OPcache, its command-line PHP, the web
// server, the interposer, and what it costs where one of them is missing. Empty where the target cannot be made.
std::string found_by_fpm(const Options& options);
std::string found_by_cli(const Options& options);

}  // namespace assay::conformance::php
