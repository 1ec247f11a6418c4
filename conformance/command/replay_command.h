#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace assay::conformance {

// `assay replay TRACE`: executes a trace on a target and says what each step showed; with `phpt_file` prints it as a
// PHPT test instead; with `state` a worker is killed after another number of stores than the trace says. Exit status: 0
// the trace holds, 1 it does not, 2 no statement.
int replay(const std::string& trace_file, const std::string& target, const std::string& phpt_file,
           std::optional<std::int64_t> state = {});

// `assay export FOLDER`: writes every test that is a trace as a file that judges itself.
int export_traces(const std::string& folder, const std::string& target);

}  // namespace assay::conformance
