#pragma once

#include <string>
#include <vector>

#include "support/error.h"

namespace assay::conformance::process {

// The words of a command line: blanks separate them, '...' and "..." hold blanks, a backslash takes the next character as it
// is (not inside '...'). No shell is asked: nothing is expanded. An error where a quote does not end, or there is no word.
Expected<std::vector<std::string>> command_words(const std::string& text);

// The file of a program: itself where its name has a slash, else the first one in PATH. An error names what was looked for.
Expected<std::string> find_program(const std::string& name);

}  // namespace assay::conformance::process
