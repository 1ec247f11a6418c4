#include "conformance/exploration/all_schedules.h"

#include <algorithm>
#include <iterator>

namespace assay::conformance {
namespace {

// At a point of the cache, not at another call of a stock program.
bool is_inside_cache(const Schedule& schedule) {
  const auto* point = schedule.first ? points::find_point(schedule.first->point) : nullptr;
  return point != nullptr && point->is(points::Use::held) && !schedule.second;
}

// What the second worker visited before it waited or ended, and whether nobody else did anything once it went on.
struct SecondWorker {
  SecondWorker(const Execution& execution, int second) {
    int turns_of_second = 0;
    for (const Turn& turn : execution.turns) {
      if (turn.worker == second && ++turns_of_second == 1) first = turn.visits;
      if (turn.worker != second && turns_of_second > 1 && !turn.visits.empty()) is_alone_later = false;
    }
  }

  Visits first;
  bool is_alone_later = true;
};

}  // namespace

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
  if (!std::exchange(are_listed_, true)) list_schedules();
  if (to_try_.empty()) return std::nullopt;
  tried_ = std::move(to_try_.front());
  to_try_.pop_front();
  return Candidate{interleave(pair_, tried_, name_, clauses_), Candidate::Role::counted, &Evidence::interleavings};
}

std::uint64_t AllSchedules::observe(const Candidate& candidate, const Execution& execution) {
  if (candidate.role == Candidate::Role::counted) {
    const bool exists = execution.verdict == Verdict::pass;
    if (most_preemptions_ == 2 && exists && is_inside_cache(tried_)) list_second_preemptions(tried_, execution);
    return TraceSource::observe(candidate, execution);
  }
  visits_[counted_alone_] = visits_of(execution.evidence, points::Use::held);
  calls_[counted_alone_] = visits_of(execution.evidence, points::Use::held_once);
  ++counted_alone_;
  return 0;
}

void AllSchedules::list_schedules() {
  std::ranges::copy(all_schedules(visits_[0], visits_[1], std::min(most_preemptions_, 1)), std::back_inserter(to_try_));
  if (!at_calls_) return;
  std::ranges::copy_if(all_schedules(calls_[0], calls_[1], 1), std::back_inserter(to_try_),
                       [](const Schedule& schedule) { return schedule.first.has_value(); });
}

void AllSchedules::list_second_preemptions(const Schedule& tried, const Execution& execution) {
  const int second = tried.b_begins ? 0 : 1;
  const SecondWorker seen(execution, second);
  const Visits visits = seen.is_alone_later ? visits_of(seen.first, points::Use::held) : visits_[second];
  std::vector<Schedule> more;
  for (const PointVisit& visit : each_of(visits)) more.push_back({tried.b_begins, tried.first, visit});
  to_try_.insert(to_try_.begin(), more.begin(), more.end());
}

std::string AllSchedules::reason_to_skip() const {
  for (int worker = 0; worker < counted_alone_; ++worker) {
    if (visits_[worker].empty())
      return std::string("the target shows no point on the way of ") + (worker == 0 ? "A" : "B");
  }
  return "";
}

}  // namespace assay::conformance
