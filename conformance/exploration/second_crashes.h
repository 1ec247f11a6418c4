#pragma once

#include "conformance/exploration/pair.h"
#include "conformance/exploration/trace_source.h"

namespace assay::conformance {

// A second crash while a worker recovers from the first: A is killed at each point of its way, B finds what it left and
// is killed at each point of its own way, and all that come then must find a sound cache.
class SecondCrashes final : public TraceSource {
 public:
  // `pair` lives as long as this.
  SecondCrashes(Pair& pair, std::string name, std::vector<std::string> clauses);

  std::optional<Candidate> next() override;
  std::uint64_t observe(const Candidate& candidate, const Execution& execution) override;
  std::string counted() const override { return "second crashes"; }
  std::string reason_to_skip() const override { return "the target shows no point on the way of this"; }

 private:
  std::string name_of_first() const;

  Pair& pair_;
  const std::string name_;
  const std::vector<std::string> clauses_;
  bool is_counted_ = false;
  std::vector<PointVisit> first_, second_;
  bool has_counted_second_ = false;  // after the first crash that is last in the list
};

}  // namespace assay::conformance
