#include "conformance/exploration/sweep.h"

#include <algorithm>

namespace assay::conformance {

void Sweep::add(const Trace& pattern, SweptFault fault) {
  const bool is_known = !patterns_.empty() && patterns_.back().trace.steps == pattern.steps &&
                        patterns_.back().trace.configuration == pattern.configuration;
  if (!is_known) patterns_.push_back({pattern, {}});
  patterns_.back().faults.push_back(std::move(fault));
}

bool Sweep::is_visited(const SweptFault& fault) const {
  return std::any_of(visits_->begin(), visits_->end(),
                     [&](const auto& visited) { return points::matches(fault.point, visited.first); });
}

std::optional<Candidate> Sweep::next() {
  for (; pattern_ < patterns_.size(); ++pattern_, fault_ = 0, visits_.reset()) {
    const Pattern& pattern = patterns_[pattern_];
    if (!visits_) return Candidate{counting_visits(pattern.trace), Candidate::Role::probe};
    for (; fault_ < pattern.faults.size(); ++fault_, visit_ = 1) {
      const SweptFault& fault = pattern.faults[fault_];
      if (visit_ > most_ || !is_visited(fault)) continue;
      Candidate candidate{armed_with(pattern.trace, fault, visit_++)};
      if (fault.effect == "kill") candidate.counter = &Evidence::crash_states;
      return candidate;
    }
  }
  return std::nullopt;
}

std::uint64_t Sweep::observe(const Candidate& candidate, const Execution& execution) {
  if (candidate.role == Candidate::Role::probe)
    visits_ = execution.counted;
  else if (execution.verdict == Verdict::inconclusive)
    ++fault_, visit_ = 1;  // no visit so late
  return TraceSource::observe(candidate, execution);
}

}  // namespace assay::conformance
