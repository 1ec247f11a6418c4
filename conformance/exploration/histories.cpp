#include "conformance/exploration/histories.h"

namespace assay::conformance {

std::optional<Candidate> Histories::next() {
  const bool is_more_needed = number_ < options_.most_traces && shown_ < options_.least;
  if (number_ >= options_.traces && !is_more_needed) return std::nullopt;
  return Candidate{options_.make(number_++), Candidate::Role::counted, options_.counter, false};
}

void Histories::judge(const Trace& trace, Execution& execution) {
  if (execution.verdict == Verdict::pass) options_.judge(trace, execution);
}

std::uint64_t Histories::observe(const Candidate&, const Execution& execution) {
  const std::uint64_t amount = options_.amount ? options_.amount(execution) : 1;
  shown_ += amount;
  return amount;
}

}  // namespace assay::conformance
