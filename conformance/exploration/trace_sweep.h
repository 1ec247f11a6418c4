#pragma once

#include <array>

#include "conformance/exploration/campaign.h"
#include "conformance/exploration/fault_at_visit.h"
#include "conformance/exploration/point_visit.h"

namespace assay::conformance {

// Any trace again and again with each point failing, or killing the worker, at each of its visits (once, and for
// refusals also from then on), and at the end once undisturbed.
//
// Replies may change under a fault, so the trace's matchers judge the last run only; the others are judged by the
// monitors of the guarantees, and by this: no request hangs, and no worker dies that was not killed (GU-LIV-05). Visits
// are counted twice before. A pass means that both counts agree and that every opportunity was tried; else the result
// is inconclusive and says how many were, which are then spread over the visits of each point. The reason says how many
// opportunities there were, and how many faults fired. A trace that comes to no point is a skip; so is one that arms
// faults itself, unless it marks by an action that counts ("*", "count") where the sweep's are to come.
class TraceSweep final : public TraceSource {
 public:
  TraceSweep(const Description& target, Trace trace);

  std::optional<Candidate> next() override;
  std::optional<Candidate> last() override;
  void judge(const Trace& trace, Execution& execution) override;
  std::uint64_t observe(const Candidate& candidate, const Execution& execution) override;
  std::string counted() const override { return "opportunities"; }
  std::string reason_to_skip() const override;
  Trace as_test(Trace trace, const Execution& execution) const override;
  void conclude(TestResult& result) override;

 private:
  // One fault, and the visits at which it is to come.
  struct Opportunities {
    SweptFault fault;
    std::vector<std::uint64_t> visits;
  };
  void list_opportunities();

  const Description& target_;
  const Trace trace_;
  const Trace bare_;  // as the monitors alone judge it
  const bool arms_itself_;
  std::vector<Visits> counts_;  // two
  std::vector<Opportunities> faults_;
  std::size_t fault_ = 0, round_ = 0, rounds_ = 0;
  const SweptFault* armed_ = nullptr;  // in the run under way; none in the others
  std::uint64_t opportunities_ = 0, tried_ = 0;
  bool runs_agree_ = true;
};

// A campaign over it. No further fault is tried after `most_time`.
TestResult sweep_trace(Target& target, const std::filesystem::path& folder, const Trace& trace,
                       std::chrono::milliseconds most_time = std::chrono::minutes(10));

}  // namespace assay::conformance
