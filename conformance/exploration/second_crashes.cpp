#include "conformance/exploration/second_crashes.h"

#include <fmt/format.h>

namespace assay::conformance {
namespace {

// The last one is the next to be taken.
std::vector<PointVisit> first_visits(const Execution& execution) {
  std::vector<PointVisit> visits;
  for (const auto& [point, times] : visits_of(execution.evidence, points::Use::held)) visits.push_back({point, 1});
  return {visits.rbegin(), visits.rend()};
}

}  // namespace

SecondCrashes::SecondCrashes(Pair& pair, std::string name, std::vector<std::string> clauses)
    : pair_(pair), name_(std::move(name)), clauses_(std::move(clauses)) {}

std::string SecondCrashes::name_of_first() const {
  return fmt::format("{}: the first at {}", name_, first_.back().point);
}

std::optional<Candidate> SecondCrashes::next() {
  if (!is_counted_) return Candidate{count_alone(pair_, 0, name_), Candidate::Role::probe};
  if (has_counted_second_ && second_.empty()) {
    first_.pop_back();
    has_counted_second_ = false;
  }
  if (first_.empty()) return std::nullopt;
  if (!has_counted_second_)
    return Candidate{kill_and_count(pair_, first_.back(), name_of_first(), clauses_), Candidate::Role::probe};
  const PointVisit second = second_.back();
  second_.pop_back();
  const std::string name = fmt::format("{}, the second at {}", name_of_first(), second.point);
  return Candidate{kill_both(pair_, first_.back(), second, name, clauses_), Candidate::Role::counted,
                   &Evidence::crash_states};
}

std::uint64_t SecondCrashes::observe(const Candidate& candidate, const Execution& execution) {
  if (candidate.role == Candidate::Role::counted) return TraceSource::observe(candidate, execution);
  const bool exists = execution.verdict == Verdict::pass;
  if (is_counted_) {
    has_counted_second_ = true;
    if (exists) second_ = first_visits(execution);
  } else {
    is_counted_ = true;
    first_ = first_visits(execution);
  }
  return 0;
}

}  // namespace assay::conformance
