#include "support/time/watched_budget.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

using namespace std::chrono_literals;

TEST(WatchedBudget, IsSpentWhileNobodyAsks) {
  const WatchedBudget budget(50ms);
  EXPECT_EQ(budget.state(), TimeBudget::State::left);
  for (int i = 0; i < 500 && budget.state() == TimeBudget::State::left; ++i) std::this_thread::sleep_for(20ms);
  EXPECT_EQ(budget.state(), TimeBudget::State::spent);
}

TEST(WatchedBudget, EndsAtOnceWhereItIsNotNeeded) {
  const auto began = TimeBudget::Clock::now();
  { const WatchedBudget budget(1h); }
  EXPECT_LT(TimeBudget::Clock::now() - began, 5s);
}

TEST(WatchedBudget, OfNothingIsSpent) {
  EXPECT_EQ(WatchedBudget(0s).state(), TimeBudget::State::spent);
}

}  // namespace
}  // namespace assay
