#include "conformance/exploration/paused_visits.h"

namespace assay::conformance {

PausedVisits::PausedVisits(std::vector<std::string> points, std::uint64_t most_visits, MakeTrace probe,
                           MakeTrace paused)
    : points_(std::move(points)), most_visits_(most_visits), probe_(std::move(probe)), paused_(std::move(paused)) {}

std::optional<Candidate> PausedVisits::next() {
  if (visit_ > most_visits_) ++point_, visit_ = 1;
  if (point_ == points_.size()) return std::nullopt;
  const PointVisit at{points_[point_], visit_};
  if (!is_there_) return Candidate{probe_(at), Candidate::Role::probe};
  is_there_ = false;
  ++visit_;
  return Candidate{paused_(at), Candidate::Role::counted, &Evidence::interleavings, false};
}

std::uint64_t PausedVisits::observe(const Candidate& candidate, const Execution& execution) {
  if (candidate.role == Candidate::Role::counted) return TraceSource::observe(candidate, execution);
  is_there_ = execution.verdict == Verdict::pass;
  if (!is_there_) ++point_, visit_ = 1;
  return 0;
}

}  // namespace assay::conformance
