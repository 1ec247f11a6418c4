#include "conformance/execution/clock_check.h"

#include <fmt/format.h>

#include "conformance/execution/executor.h"
#include "conformance/scenario/scenario.h"

namespace assay::conformance {
namespace {

class ClockSteps final : public Scenario {
 public:
  using Scenario::Scenario;

 private:
  void steps() override {
    auto w = worker();
    expect(w.time(), now());
    for (const int by : {1000, -10}) {
      advance_clock(std::chrono::seconds(by));
      expect(w.time(), now());
    }
  }
};

}  // namespace

Expected<void> check_clock(Target& target, const std::filesystem::path& folder) {
  const Trace trace = ClockSteps(target.description()).build("the clock of the suite", {});
  if (!reason_to_skip(trace, target.description()).empty()) return {};
  const Execution execution = Executor(target, folder, {.with_monitors = false}).run(trace);
  if (execution.verdict == Verdict::pass || execution.verdict == Verdict::skip) return {};
  // It failed without a reply: it did not start, or died.
  if (execution.verdict != Verdict::fail || execution.actual.empty())
    return failure(fmt::format("{} cannot be asked for the time: {}", target.description().name, execution.reason));
  return failure(fmt::format(
      "{} claims clock.virtual but does not follow the suite's clock: it shows {} where that says {}; the adapter must "
      "give it that time, or not claim it (docs/adapter-guide.md)",
      target.description().name, execution.actual, execution.expected));
}

}  // namespace assay::conformance
