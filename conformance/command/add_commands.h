#pragma once

#include "conformance/command/command.h"

namespace CLI {
class App;
}

namespace assay::conformance {

// Adds every command with its options. Parsing runs the one that is named, which leaves in `status` what the program ends with.
// `suite` and `status` outlive the parser.
void add_commands(CLI::App& app, const SuiteIdentity& suite, int& status);

}  // namespace assay::conformance
