#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace assay::conformance {

// What `assay replay` was asked for.
struct ReplayOptions {
  std::string trace;  // its file
  std::string target = "reference";
  std::string phpt;                   // write it as a PHPT test into this file instead
  std::optional<std::int64_t> state;  // kill a worker after another number of stores than the trace says
  bool allow_outside = false;         // absolute paths in the trace may name what is outside of the sandbox
};

// `assay replay TRACE`: executes a trace on a target and says what each step showed. Exit status: 0 the trace holds, 1
// it does not, 2 no statement, 64 the trace is wrong or leads out of its sandbox.
int replay(const ReplayOptions& options);

// `assay export FOLDER`: writes every test that is a trace as a file that judges itself.
int export_traces(const std::string& folder, const std::string& target);

}  // namespace assay::conformance
