#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <cerrno>

#include "faults/points/plan.h"

namespace assay::points {
namespace {

using testing::HasSubstr;

TEST(PlanText, EveryFaultSurvivesTheRoundTrip) {
  const Plan plan = {fail("posix/lock/fcntl/setlkw", EINTR, from(1).at_most(3)),
                     fail("lock/*", 133, every(7)).for_worker(3),
                     kill_at("store/publish/key", once(2)).for_process(77),
                     pause_at("*"),
                     delay_at("log/write", 1500),
                     count_at("table/insert")};
  for (const Fault& fault : plan) {
    const auto parsed = parse_fault(to_text(fault));
    ASSERT_TRUE(parsed) << parsed.error().message;
    EXPECT_EQ(*parsed, fault) << to_text(fault);
  }
}

TEST(PlanText, HasDefaults) {
  EXPECT_EQ(*parse_fault("log/write fail:ENOSPC"), fail("log/write", ENOSPC, once(1)));
  EXPECT_EQ(*parse_fault("log/write fail:28"), fail("log/write", ENOSPC, once(1)));
  EXPECT_EQ(*parse_fault("  log/write   kill "), kill_at("log/write", once(1)));
  EXPECT_EQ(*parse_fault("log/write count"), count_at("log/write"));
}

TEST(PlanText, RefusesWhatItDoesNotUnderstand) {
  for (const char* text :
       {"", "log/write", "log/write fail", "log/write fail:ENOSUCHERROR", "log/write delay", "log/write kill:9",
        "log/write burn", "log/write kill once:0", "log/write kill once:x", "log/write kill twice:1",
        "log/write kill once", "log/write kill worker:99999999999", "log:write kill"}) {
    const auto parsed = parse_fault(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_THAT(parsed.error().message, HasSubstr("fault '"));
  }
}

}  // namespace
}  // namespace assay::points
