#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "conformance/execution/executor.h"

namespace assay::conformance {

// Explores all crash states of one request and reports what it finds.
//
// The trace holds one action `explore_crash`, the request under test after it, and after that the judge: what survivors
// are asked, with matchers. Two passes. First every distinct state is put in place in one runtime and judged there,
// hangs by a short limit. Then one state of each distinct outcome is tried again by a real kill at that store, in a
// runtime of its own whose survivors know nothing of other states, at the full bound. Only what fails there too is
// reported.
class CrashExplorer {
 public:
  // `most`: states to judge, evenly spread; 0 for all.
  CrashExplorer(Target& target, std::filesystem::path folder, std::size_t most)
      : executor_(target, std::move(folder)), most_(most) {}

  // A fail has the trace that replays the first confirmed outcome, and lists the others with their shares. Where a
  // process cannot be followed the result is inconclusive.
  TestResult explore(const Trace& pattern);

 private:
  struct Findings;
  void confirm(const Trace& pattern, const CrashSurvey& survey, const CrashClass& of, Findings& findings);

  Executor executor_;
  std::size_t most_;
};

// The trace with the state in its explore_crash. `by`, `of` and `log` as in that action.
Trace crash_at(const Trace& pattern, std::optional<std::size_t> state, std::size_t of, const std::string& log,
               const std::string& by);

// Another state of the same request, by a real kill, whatever its log was. False: the trace explores no crash states.
bool choose_crash_state(Trace& trace, std::int64_t stores);

}  // namespace assay::conformance
