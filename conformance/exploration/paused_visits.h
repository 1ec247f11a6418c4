#pragma once

#include <functional>

#include "conformance/exploration/point_visit.h"
#include "conformance/exploration/trace_source.h"

namespace assay::conformance {

// A worker paused at each visit of some points, while the world goes on. A pause that no worker comes to would be
// waited for in vain, so another fault at the same visit shows first whether there is one.
class PausedVisits final : public TraceSource {
 public:
  using MakeTrace = std::function<Trace(const PointVisit&)>;

  // `probe`: the trace with a fault at the visit that needs no waiting. `paused`: the trace with a pause there.
  PausedVisits(std::vector<std::string> points, std::uint64_t most_visits, MakeTrace probe, MakeTrace paused);

  std::optional<Candidate> next() override;
  std::uint64_t observe(const Candidate& candidate, const Execution& execution) override;
  std::string counted() const override { return "pauses"; }
  std::string reason_to_skip() const override { return "the target visits none of the points"; }

 private:
  const std::vector<std::string> points_;
  const std::uint64_t most_visits_;
  const MakeTrace probe_, paused_;
  std::size_t point_ = 0;
  std::uint64_t visit_ = 1;
  bool is_there_ = false;  // that visit
};

}  // namespace assay::conformance
