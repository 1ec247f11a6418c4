#pragma once

#include <deque>

#include "conformance/exploration/pair.h"
#include "conformance/exploration/trace_source.h"

namespace assay::conformance {

// Every schedule of a pair: first each worker alone, to see which points it visits, then the schedules of these visits
// in turn. One that does not exist, because a worker never comes to a point, is passed over; so is one that would be like
// another: where a second preemption comes only when nobody else has anything left to do, because the second worker waited
// for a lock until then.
class AllSchedules final : public TraceSource {
 public:
  // `pair` lives as long as this. `most_preemptions`: 0 to 2, at points inside a cache. `at_calls`: also with one
  // preemption at each of a stock program's other calls.
  AllSchedules(Pair& pair, std::string name, std::vector<std::string> clauses, int most_preemptions, bool at_calls);

  std::optional<Candidate> next() override;
  std::uint64_t observe(const Candidate& candidate, const Execution& execution) override;
  std::string counted() const override { return "schedules"; }
  std::string reason_to_skip() const override;

 private:
  void list_schedules();
  // Adds those that are `tried` with a second preemption too, given what became of it with one.
  void list_second_preemptions(const Schedule& tried, const Execution& execution);

  Pair& pair_;
  const std::string name_;
  const std::vector<std::string> clauses_;
  const int most_preemptions_;
  const bool at_calls_;
  int counted_alone_ = 0;  // workers
  Visits visits_[2], calls_[2];
  bool are_listed_ = false;
  std::deque<Schedule> to_try_;
  Schedule tried_;  // last
};

}  // namespace assay::conformance
