#pragma once

#include <map>

#include "conformance/exploration/crash_trace.h"
#include "conformance/exploration/trace_source.h"

namespace assay::conformance {

// The kills to try of a request with these calls: `most` that are evenly spread (0: all), the first and the last among
// them, and one before each call that changes a file, where what a kill leaves differs most: so that a defect between
// two of them is found in each run, whatever the sample.
std::vector<std::size_t> chosen_kills(const CrashSurvey& calls, std::size_t most);

// A worker killed before each system call of one request (crash_trace.h), for real, each time in a runtime of its own,
// and what is left is judged: the crash states of what a request changes in files. A fail has the trace that replays
// the first kill that breaks something, and lists the others. Where a process cannot be followed the result is
// inconclusive.
class SystemCallKills final : public TraceSource {
 public:
  // `most`: see chosen_kills.
  SystemCallKills(Trace pattern, std::size_t most) : pattern_(std::move(pattern)), most_(most) {}

  std::optional<Candidate> next() override;
  void judge(const Trace& trace, Execution& execution) override;
  std::uint64_t observe(const Candidate& candidate, const Execution& execution) override;
  bool goes_on_after(const Candidate& candidate, const Execution& execution, const TestResult& failure) override;
  std::string counted() const override { return "kills"; }
  void conclude(TestResult& result) override;

 private:
  // Kills that break the same clauses.
  struct Outcome {
    std::string reason;
    std::vector<std::string> places;
  };

  const Trace pattern_;
  const std::size_t most_;
  std::optional<CrashSurvey> survey_;  // the calls of the request
  std::vector<std::size_t> kills_;
  std::size_t at_ = 0;
  std::string inconclusive_;  // why the first kill was that showed nothing
  std::map<std::string, Outcome> outcomes_;
  std::chrono::steady_clock::time_point began_;
};

}  // namespace assay::conformance
