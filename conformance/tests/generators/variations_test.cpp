#include "conformance/generators/variations.h"

#include <gtest/gtest.h>

#include "conformance/execution/check_trace.h"
#include "conformance/generators/trace_generators.h"

namespace assay::conformance {
namespace {

std::size_t requests_of(const Trace& trace) {
  std::size_t count = 0;
  for (const Step& step : trace.steps) count += std::holds_alternative<Request>(step) ? 1 : 0;
  return count;
}

std::size_t background_requests_of(const Trace& trace) {
  std::size_t count = 0;
  for (const Step& step : trace.steps) {
    const auto* request = std::get_if<Request>(&step);
    count += request && !request->background.empty() ? 1 : 0;
  }
  return count;
}

TEST(Variations, TwiceInARowRepeatsRequestsAtOnceAndNothingElse) {
  const Trace once = random_cache_trace(3, CacheTraceOptions());
  const Trace twice = twice_in_a_row(once, 3);
  EXPECT_GT(requests_of(twice), requests_of(once));
  EXPECT_LT(requests_of(twice), 2 * requests_of(once));
  // Without what stands twice it is the trace from before.
  std::vector<Step> left;
  std::size_t at = 0;
  for (const Step& step : twice.steps) {
    if (at < once.steps.size() && step == once.steps[at])
      ++at;
    else
      EXPECT_EQ(step, once.steps[at - 1]);
  }
  EXPECT_EQ(at, once.steps.size());
  EXPECT_EQ(twice_in_a_row(once, 3).steps, twice.steps);
}

TEST(Variations, SlowRequestsWaitWhileTheClockMoves) {
  std::size_t slow = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Trace trace = with_slow_requests(random_cache_trace(seed, CacheTraceOptions()), seed);
    slow += background_requests_of(trace);
    const auto checked = check_trace(trace, "t");
    EXPECT_TRUE(checked) << checked.error().message;
    for (std::size_t i = 0; i < trace.steps.size(); ++i) {
      const auto* request = std::get_if<Request>(&trace.steps[i]);
      if (!request || request->background.empty()) continue;
      EXPECT_EQ(std::get<Action>(trace.steps[i + 1]).kind(), ActionKind::wait_for_arrival);
      EXPECT_EQ(std::get<Action>(trace.steps[i + 2]).kind(), ActionKind::advance_clock);
      EXPECT_EQ(std::get<Action>(trace.steps[i + 3]).kind(), ActionKind::release);
      EXPECT_EQ(std::get<Action>(trace.steps[i + 4]).kind(), ActionKind::await);
      EXPECT_NE(request->exchanges.front().operation.kind(), OperationKind::rendezvous);
      EXPECT_NE(request->exchanges.back().operation.kind(), OperationKind::rendezvous);
    }
  }
  EXPECT_GT(slow, 10u);
}

}  // namespace
}  // namespace assay::conformance
