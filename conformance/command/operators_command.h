#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "conformance/command/command.h"

namespace assay::conformance {

// The options of `assay mutants --operators`.
struct OperatorsCommand {
  bool run = false;
  std::vector<std::string> areas;  // folders below reference; none: all but php
  std::size_t sample = 0;          // of each area; 0: all
  std::uint64_t seed = 1;
  std::string profile = "quick";
  std::vector<std::string> tests;  // globs on the names of the tests that may catch them; none: all of the profile
  std::string source = ".";
  std::string folder;      // of the build, kept; empty: SOURCE/build/mutants
  std::string json, page;  // files to write the result to; empty: none
};

// Lists the changes, or runs for each of the sample the tests that come to it. Exit status 0 where all are caught, 1 where
// one survives or is unreached, 70 where nothing could be built.
int run_operators(const OperatorsCommand& command, const SuiteIdentity& suite);

}  // namespace assay::conformance
