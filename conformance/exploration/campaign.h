#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>

#include "conformance/exploration/trace_source.h"
#include "conformance/generators/shrink.h"

namespace assay::conformance {

// How much a campaign does at most, and how much it has to do.
struct CampaignOptions {
  std::uint64_t least = 1;  // of what the source counts; with fewer the result is inconclusive
  // No further trace after so many (0: as many as there are), or after that time, a WatchedBudget, which a busy machine
  // does not shorten. Probes are always run.
  std::uint64_t most_traces = 0;
  std::optional<std::chrono::milliseconds> most_time{};
  ShrinkLimits shrink{};
};

// Runs the traces of a source, one after the other, and makes one result of them: the one loop of the suite over many
// traces. It sums up the evidence and the clauses that monitors judged, ends at the first failure and makes that
// smaller where the source allows it, demands a minimum, and words the result.
//
//   pass          every trace passed, and the source's count reached the minimum
//   fail, error   the first trace that failed, or broke: with the trace that replays it
//   skip          the source has nothing to do, and says why; or a trace cannot run on this target
//   inconclusive  fewer than the minimum, or a trace that had to exist was inconclusive
//
// One trace at a time: the runner runs as many tests side by side as the machine has processors for.
class Campaign {
 public:
  using RunTrace = std::function<Execution(const Trace&)>;

  // On an executor of its own. `folder` exists and belongs to the campaign alone.
  Campaign(Target& target, std::filesystem::path folder, CampaignOptions options = {},
           ExecutorOptions executor_options = {});
  // By something else that runs traces.
  Campaign(RunTrace run, CampaignOptions options = {}) : run_(std::move(run)), options_(options) {}

  TestResult run(TraceSource& source);
  TestResult run(TraceSource&& source) { return run(source); }

 private:
  RunTrace run_;
  CampaignOptions options_;
};

}  // namespace assay::conformance
