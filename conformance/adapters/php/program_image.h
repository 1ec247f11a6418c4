#pragma once

#include <string>

#include "conformance/adapters/php/failure.h"
#include "conformance/adapters/php/program_root.h"

namespace assay::conformance::php {

// Whether a program can be started here with the interposer, by the head of its file. unusable, with the reason, when it is for
// another machine, when its loader is missing in its root or is that of musl, or when it is statically linked. What is no ELF
// file (a script) is left to the kernel.
Result<void> check_image(const std::string& path, const ProgramRoot& root);

}  // namespace assay::conformance::php
