#include "conformance/exploration/with_and_without_rows.h"

namespace assay::conformance {

std::optional<Candidate> WithAndWithoutRows::next() {
  if (at_ == rows_.size()) return std::nullopt;
  if (!is_measured_) return Candidate{make_(rows_[at_], Cache::off), Candidate::Role::probe, nullptr, false};
  Candidate with{replies_.expected_of(make_(rows_[at_], Cache::on))};
  with.may_not_exist = false;
  ++at_;
  is_measured_ = false;
  return with;
}

std::uint64_t WithAndWithoutRows::observe(const Candidate& candidate, const Execution& execution) {
  if (candidate.role == Candidate::Role::counted) return TraceSource::observe(candidate, execution);
  replies_.clear();
  replies_.add(candidate.trace, execution);
  is_measured_ = true;
  return 0;
}

}  // namespace assay::conformance
