#include "conformance/execution/clock_check.h"

#include <gmock/gmock-matchers.h>

#include "conformance/execution/executor.h"
#include "conformance/registry/test_case.h"
#include "conformance/tests/execution/scripted_target.h"
#include "conformance/tests/test_folder.h"

namespace assay::conformance {
namespace {

using testing::HasSubstr;

// A target that shows these times, one after the other, and the last one from then on.
ScriptedTarget showing(std::vector<std::int64_t> times) {
  return ScriptedTarget([times, next = std::size_t{0}](int, std::span<const Exchange> exchanges) mutable {
    const std::int64_t shown = times[std::min(next++, times.size() - 1)];
    return Expected<Outcome>(ScriptedTarget::all(exchanges, Reply::of(shown)));
  });
}

std::string complaint_of(ScriptedTarget target) {
  const TestFolder folder;
  const auto checked = check_clock(target, folder.path());
  return checked ? "" : checked.error().message;
}

TEST(ClockCheck, AClockThatFollowsForwardsAndBackIsRight) {
  EXPECT_EQ(complaint_of(showing({clock_start, clock_start + 1000, clock_start + 990})), "");
}

TEST(ClockCheck, AClaimedClockThatDoesNotMoveIsAnErrorThatSaysWhatItShows) {
  const std::string stuck = complaint_of(showing({clock_start}));
  EXPECT_THAT(stuck, HasSubstr("claims clock.virtual"));
  EXPECT_THAT(stuck, HasSubstr("shows 1800000000 where that says 1800001000"));
  EXPECT_THAT(complaint_of(showing({clock_start, clock_start + 1000})), HasSubstr("where that says 1800000990"));
  EXPECT_THAT(complaint_of(showing({1})), HasSubstr("shows 1 where that says 1800000000"));
}

TEST(ClockCheck, ATargetThatDoesNotStartSaysSoItself) {
  ScriptedTarget target = showing({clock_start});
  target.refusal = "no shared memory";
  EXPECT_THAT(complaint_of(target), HasSubstr("no shared memory"));
}

TEST(ClockCheck, WithoutTheClaimNothingIsAskedAndTestsThatMoveTheClockAreSkipsWithTheReason) {
  ScriptedTarget target = showing({1});
  target.refusal = "must not be started";
  target.description().features.erase("clock.virtual");
  EXPECT_EQ(complaint_of(target), "");
  target.description().features.insert({"deploy", "realpath_cache"});
  const TestCase* test = find_test("DP-12/deleted-clear");
  ASSERT_NE(test, nullptr);
  EXPECT_EQ(reason_to_skip(test->trace(target.description()), target.description()),
            "scripted does not claim clock.virtual");
}

}  // namespace
}  // namespace assay::conformance
