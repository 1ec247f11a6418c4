#pragma once

#include <filesystem>
#include <string>

#include "support/error.h"

namespace assay::conformance {

// Reads a whole file that a user named: a trace, a report, a list of expectations. A pipe is read to its end, so that
// `<(command)` and /dev/stdin work, but one that nobody writes to for ten seconds, a folder, and more than 256 MiB are
// refused: nothing hangs on input. The error names the file, why, and `advice` where there is any ("give the path of ...").
Expected<std::string> read_input_file(const std::filesystem::path& file, const std::string& advice = {});

}  // namespace assay::conformance
