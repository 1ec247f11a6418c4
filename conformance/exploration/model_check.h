#pragma once

#include <functional>
#include <span>
#include <vector>

#include "conformance/exploration/trace_source.h"
#include "conformance/models/judgement.h"

namespace assay::conformance {

// What a model says of a whole run.
using Model = std::function<Judgement(const Trace&, std::span<const Observation>)>;

// Traces whose replies a model judges. A trace that it refuses is made smaller, and kept as a test that fails where the
// target gives again what was refused. Evidence counts the operations that the model judged; questions for the content
// or the size of a cache beside them are not counted. A trace that the model loses track of counts as far as it was
// judged; where that happens to more than a tenth, and more than two, the check is inconclusive. So is one with a trace of
// which the model judges nothing.
class ModelCheck final : public TraceSource {
 public:
  // A trace, or several short ones that were joined into one so that they share a runtime (that of the first). `starts`: the step at which
  // each of them begins; empty where the trace is one.
  struct Joined {
    Trace trace;
    std::vector<Trace> parts;
    std::vector<std::size_t> starts;
    bool parts_are_small = true;  // a part that fails alone is not made smaller
    static Joined of(std::vector<Trace> parts);
  };
  using MakeTrace = std::function<std::optional<Joined>(std::uint64_t number)>;

  // `make`: the trace of that number, from 0; none after the last one.
  ModelCheck(Model model, MakeTrace make) : model_(std::move(model)), make_(std::move(make)) {}

  // So many random traces from this seed on.
  static MakeTrace random(std::uint64_t seed, std::uint64_t traces, std::function<Trace(std::uint64_t seed)> make);

  std::optional<Candidate> next() override;
  void judge(const Trace& trace, Execution& execution) override;
  std::uint64_t observe(const Candidate& candidate, const Execution& execution) override;
  std::string counted() const override { return "traces"; }
  std::vector<Trace> parts_of(const Candidate& candidate, const Execution& execution) const override;
  Trace as_test(Trace trace, const Execution& execution) const override;
  bool shrinks() const override { return current_.parts.empty() || !current_.parts_are_small; }

 private:
  bool may_lose_track(const Judgement& judgement);

  const Model model_;
  const MakeTrace make_;
  std::uint64_t number_ = 0;
  Joined current_;
  std::optional<Refusal> refusal_;  // of the last run that was judged
  std::uint64_t judged_in_part_ = 0;
};

}  // namespace assay::conformance
