#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "conformance/command/command_help.h"

namespace assay::conformance {

inline constexpr std::string_view completion_shells[] = {"bash", "zsh", "fish"};

// What completes command lines of the program in that shell: commands, options, values that are a set, ids of tests and
// clauses (by asking `assay`), and files elsewhere.
std::string completion(const std::vector<CommandHelp>& commands, std::string_view shell);

}  // namespace assay::conformance
