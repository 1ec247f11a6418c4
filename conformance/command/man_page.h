#pragma once

#include <string>
#include <vector>

#include "conformance/command/command_help.h"

namespace assay::conformance {

// The manual page assay(1), as roff with the macros of man(7).
std::string man_page(const std::vector<CommandHelp>& commands, const std::string& version);

}  // namespace assay::conformance
