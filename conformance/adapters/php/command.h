#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "conformance/adapters/php/failure.h"
#include "conformance/adapters/php/program_root.h"

namespace assay::conformance::php {

struct CommandOutput {
  std::string text;        // Standard output and standard error as they came, at most 4 MiB.
  int exit_status = 0;     // As a shell shows it: 128 + signal when a signal ended it.
  bool timed_out = false;  // It was killed with its whole process group.
};

// Runs a program that is expected to end by itself, with an empty standard input and the given environment
// ("NAME=value"). system when it cannot be executed at all. `arguments[0]` is its path, in the given root.
Result<CommandOutput> run_command(const std::vector<std::string>& arguments,
                                  const std::vector<std::string>& environment, std::chrono::milliseconds limit,
                                  const ProgramRoot& root = {});

}  // namespace assay::conformance::php
