#pragma once

#include <string>

#include "conformance/adapters/php/php_options.h"

namespace assay::conformance::php {

// What the options of a target of this kind lead to on this machine, for people, a line each: the program, its OPcache, its
// command-line PHP, the web server, the interposer, and what it costs where one of them is missing. Empty for a kind that is no
// PHP, and where the target cannot be made.
std::string found_text(const std::string& kind, const Options& options);

}  // namespace assay::conformance::php
