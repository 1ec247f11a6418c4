#include "conformance/exploration/all_schedules.h"

#include <algorithm>
#include <iterator>

namespace assay::conformance {

AllSchedules::AllSchedules(Pair& pair, std::string name, std::vector<std::string> clauses, int most_preemptions,
                           bool at_calls)
    : pair_(pair),
      name_(std::move(name)),
      clauses_(std::move(clauses)),
      most_preemptions_(most_preemptions),
      at_calls_(at_calls) {}

std::optional<Candidate> AllSchedules::next() {
  if (counted_alone_ < 2) return Candidate{count_alone(pair_, counted_alone_, name_), Candidate::Role::probe};
  if (!reason_to_skip().empty()) return std::nullopt;
  if (schedules_.empty()) list_schedules();
  if (at_ == schedules_.size()) return std::nullopt;
  return Candidate{interleave(pair_, schedules_[at_++], name_, clauses_), Candidate::Role::counted,
                   &Evidence::interleavings};
}

std::uint64_t AllSchedules::observe(const Candidate& candidate, const Execution& execution) {
  if (candidate.role == Candidate::Role::counted) return TraceSource::observe(candidate, execution);
  visits_[counted_alone_] = visits_of(execution.evidence, points::Use::held);
  calls_[counted_alone_] = visits_of(execution.evidence, points::Use::held_once);
  ++counted_alone_;
  return 0;
}

void AllSchedules::list_schedules() {
  schedules_ = all_schedules(visits_[0], visits_[1], most_preemptions_);
  if (!at_calls_) return;
  std::ranges::copy_if(all_schedules(calls_[0], calls_[1], 1), std::back_inserter(schedules_),
                       [](const Schedule& schedule) { return schedule.first.has_value(); });
}

std::string AllSchedules::reason_to_skip() const {
  for (int worker = 0; worker < counted_alone_; ++worker) {
    if (visits_[worker].empty())
      return std::string("the target shows no point on the way of ") + (worker == 0 ? "A" : "B");
  }
  return "";
}

}  // namespace assay::conformance
