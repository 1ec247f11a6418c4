#pragma once

#include "conformance/exploration/crash_trace.h"
#include "conformance/exploration/trace_source.h"

namespace assay::conformance {

// All crash states of one request (crash_trace.h), in two passes. First every distinct state is put in place in one
// runtime and judged there, hangs by a short limit. Then one state of each distinct outcome is tried again by a real
// kill at that store, in a runtime of its own whose survivors know nothing of other states, at the full bound. Only
// what fails there too is reported: a fail has the trace that replays the first confirmed outcome, and lists the others
// with their shares. Where a process cannot be followed the result is inconclusive.
class CrashStates final : public TraceSource {
 public:
  // `most`: states to judge, evenly spread; 0 for all.
  CrashStates(Trace pattern, std::size_t most) : pattern_(std::move(pattern)), most_(most) {}

  std::optional<Candidate> next() override;
  void judge(const Trace& trace, Execution& execution) override;
  std::uint64_t observe(const Candidate& candidate, const Execution& execution) override;
  bool goes_on_after(const Candidate& candidate, const Execution& execution, const TestResult& failure) override;
  std::string counted() const override { return "crash states"; }
  void conclude(TestResult& result) override;

 private:
  const CrashClass& confirmed() const { return survey_->classes[next_class_ - 1]; }
  void list(const CrashClass& of, const std::string& what);
  void list_unconfirmed(const CrashClass& of, std::string why);

  const Trace pattern_;
  const std::size_t most_;
  bool is_surveying_ = true;
  std::optional<CrashSurvey> survey_;
  std::vector<std::size_t> judged_;  // all states, in order
  std::size_t next_class_ = 0;       // of the survey, to be confirmed
  std::string lines_;                // for people: one for each outcome
  std::vector<std::string> broken_, unconfirmed_;
  std::size_t failing_ = 0;
};

}  // namespace assay::conformance
