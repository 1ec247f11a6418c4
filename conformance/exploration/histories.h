#pragma once

#include <functional>

#include "conformance/exploration/trace_source.h"

namespace assay::conformance {

// Runs of workers at the same time, whose replies no matcher foretells: each is judged as a whole, by a checker.
struct HistoryOptions {
  std::function<Trace(std::uint64_t number)> make;
  // Turns a pass into a fail or an inconclusive where the run is not allowed.
  std::function<void(const Trace&, Execution&)> judge;
  std::uint64_t traces = 1;
  // How much of what is counted a run shows; one where it is empty.
  std::function<std::uint64_t(const Execution&)> amount{};
  std::string counted = "histories";
  std::uint64_t Evidence::*counter = nullptr;
  // Where `traces` show fewer than this there are more, up to `most_traces`: chance has a part in it.
  std::uint64_t least = 0, most_traces = 0;
};

class Histories final : public TraceSource {
 public:
  explicit Histories(HistoryOptions options) : options_(std::move(options)) {}

  std::optional<Candidate> next() override;
  void judge(const Trace& trace, Execution& execution) override;
  std::uint64_t observe(const Candidate& candidate, const Execution& execution) override;
  std::string counted() const override { return options_.counted; }

 private:
  const HistoryOptions options_;
  std::uint64_t number_ = 0, shown_ = 0;
};

}  // namespace assay::conformance
