#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "conformance/adapters/php/failure.h"

namespace assay::conformance::php {

// INI directives in the order in which they are given; a later one of the same name wins.
using IniSettings = std::vector<std::pair<std::string, std::string>>;

// The value as it must be written after "name=" on the command line (-d) or in a configuration file so that PHP reads
// exactly these bytes. Plain words and numbers stay bare, so that on, off and constants such as E_ALL mean what they
// mean in php.ini; everything else is quoted. unusable for a value with a line break or a NUL byte, which cannot be
// written.
Result<std::string> quote_ini_value(std::string_view value);

// "name=value", quoted. unusable for a name that is none (letters, digits, '_', '.', '-').
Result<std::string> ini_assignment(std::string_view name, std::string_view value);

// "-d", "name=value", ...: all of them as arguments of a PHP program. unusable where one of them is.
Result<std::vector<std::string>> command_line_of(const IniSettings& settings);

}  // namespace assay::conformance::php
