#pragma once

#include <functional>

#include "conformance/exploration/pair.h"
#include "conformance/exploration/trace_source.h"

namespace assay::conformance {

// The kill matrix of one role: A is killed at each visit of each point of its way, and each of several operations comes
// next. The ways are not written down: a run counts the points that A visits alone, so a point that is added to a cache
// is in the matrix from then on. A cell whose visit does not come is none.
class KillMatrix final : public TraceSource {
 public:
  struct Next {
    std::string name;              // "a store"
    std::function<void()> record;  // what comes next, recorded into the pair's trace
  };

  // `pair` lives as long as this. `most_visits`: of one point.
  KillMatrix(Pair& pair, std::string name, std::vector<std::string> clauses, std::vector<Next> next,
             std::uint64_t most_visits);

  std::optional<Candidate> next() override;
  std::uint64_t observe(const Candidate& candidate, const Execution& execution) override;
  std::string counted() const override { return "kills"; }
  std::string reason_to_skip() const override { return "the target shows no point on the way of this"; }

 private:
  Pair& pair_;
  const std::string name_;
  const std::vector<std::string> clauses_;
  const std::vector<Next> next_;
  const std::uint64_t most_visits_;
  bool is_counted_ = false;
  std::vector<PointVisit> kills_;
  std::size_t kill_ = 0, operation_ = 0;
};

}  // namespace assay::conformance
