#pragma once

#include <vector>

#include "conformance/exploration/fault_at_visit.h"
#include "conformance/exploration/point_visit.h"
#include "conformance/exploration/trace_source.h"

namespace assay::conformance {

// Traces with a fault one opportunity later each time: at the first visit of the points, at the second, and so on until
// a run ends without a visit so late; then the next fault. Which points a trace visits at all is counted once before.
//
// A trace is a pattern: it marks the place at which the fault is armed (armed_with). It disarms by itself, and its
// matchers say what must hold wherever the fault hits.
class Sweep final : public TraceSource {
 public:
  // `most`: no more opportunities than this for one fault.
  explicit Sweep(std::uint64_t most) : most_(most) {}
  void add(const Trace& pattern, SweptFault fault);

  std::optional<Candidate> next() override;
  std::uint64_t observe(const Candidate& candidate, const Execution& execution) override;
  std::string counted() const override { return "opportunities"; }
  std::string reason_to_skip() const override {
    return "the target visits none of the points at which the fault could "
           "happen";
  }

 private:
  struct Pattern {
    Trace trace;
    std::vector<SweptFault> faults;
  };
  bool is_visited(const SweptFault& fault) const;

  const std::uint64_t most_;
  std::vector<Pattern> patterns_;
  std::size_t pattern_ = 0, fault_ = 0;
  std::uint64_t visit_ = 1;       // the next one
  std::optional<Visits> visits_;  // of the pattern
};

}  // namespace assay::conformance
