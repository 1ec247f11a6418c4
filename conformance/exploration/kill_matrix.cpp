#include "conformance/exploration/kill_matrix.h"

#include <fmt/format.h>

#include <algorithm>

namespace assay::conformance {

KillMatrix::KillMatrix(Pair& pair, std::string name, std::vector<std::string> clauses, std::vector<Next> next,
                       std::uint64_t most_visits)
    : pair_(pair),
      name_(std::move(name)),
      clauses_(std::move(clauses)),
      next_(std::move(next)),
      most_visits_(most_visits) {}

std::optional<Candidate> KillMatrix::next() {
  if (!is_counted_) return Candidate{count_alone(pair_, 0, name_), Candidate::Role::probe};
  if (operation_ == next_.size()) ++kill_, operation_ = 0;
  if (kill_ >= kills_.size() || next_.empty()) return std::nullopt;
  const PointVisit& kill = kills_[kill_];
  const Next& next = next_[operation_++];
  const std::string name = fmt::format("{} dies at {} {}, then {}", name_, kill.point, kill.visit, next.name);
  return Candidate{kill_then(pair_, kill, next.record, name, clauses_), Candidate::Role::counted,
                   &Evidence::crash_states};
}

std::uint64_t KillMatrix::observe(const Candidate& candidate, const Execution& execution) {
  if (candidate.role == Candidate::Role::counted) {
    if (execution.verdict == Verdict::inconclusive) operation_ = next_.size();  // no worker comes there
    return TraceSource::observe(candidate, execution);
  }
  is_counted_ = true;
  for (const auto& [point, times] : visits_of(execution.evidence, points::Use::held)) {
    for (std::uint64_t visit = 1; visit <= std::min(times, most_visits_); ++visit) kills_.push_back({point, visit});
  }
  return 0;
}

}  // namespace assay::conformance
