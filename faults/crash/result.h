#pragma once

#include <string>

#include "support/error.h"

namespace assay::crash {

// Errors of the kind `refused` mean: we cannot look into such a process, or the system does not let us, so that nothing
// can be said about the target. All others: something broke, or the process did what the explorer cannot follow.

// "TEXT: what errno says".
std::string with_errno(const std::string& text);

}  // namespace assay::crash
