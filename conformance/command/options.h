#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>

namespace assay::conformance {

// What the values of options must be, checked on the text before it is converted: nothing wraps, saturates or is cut.

// A whole number in digits, from `least` to `most`.
CLI::Validator whole_number(std::uint64_t least, std::uint64_t most);

// The name of a file, or a text that must not be empty: `--json "$UNSET"` is a mistake, not "no report".
CLI::Validator not_empty();

}  // namespace assay::conformance
