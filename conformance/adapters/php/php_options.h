#pragma once

#include <string>
#include <utility>
#include <vector>

#include "conformance/adapters/php/php_settings.h"

namespace assay::conformance::php {

using Options = std::vector<std::pair<std::string, std::string>>;

// What the options of a target of php-fpm may be (TargetKind::options).
const Options& known_options();

// Reads the options and looks for what they name on this machine. An error with EINVAL is one that is wrong on every
// machine.
Expected<PhpSettings> read_options(const Options& options);

// The same for a target of the command-line PHP.
const Options& known_cli_options();
Expected<PhpSettings> read_cli_options(const Options& options);

// Says that visits are not to be tried.
inline constexpr const char* kNoNginx = "none";

}  // namespace assay::conformance::php
