#include "support/time/time_budget.h"

#include <gtest/gtest.h>

#include <thread>

namespace assay {
namespace {

using namespace std::chrono_literals;
using State = TimeBudget::State;

// A budget of 1600 ms, so that it is looked at every 100 ms, by a clock and with a delay of the test's own.
class ABudget : public testing::Test {
 protected:
  State after(std::chrono::milliseconds passed, std::chrono::milliseconds delay = 0ms,
              std::chrono::milliseconds ran = 0ms) {
    seen_ = {delay, ran};
    return budget_.look(now_ += passed);
  }
  State after_many(int looks, std::chrono::milliseconds passed, std::chrono::milliseconds delay) {
    State state = State::left;
    for (int i = 0; i < looks; ++i) state = after(passed, delay);
    return state;
  }

  TimeBudget::Clock::time_point now_{};
  MachineDelay::Seen seen_;
  TimeBudget budget_{1600ms, [this](TimeBudget::Clock::time_point) { return seen_; }, now_};
};

TEST_F(ABudget, IsSpentByWhoCouldGoOnAllTheTime) {
  EXPECT_EQ(after_many(16, 100ms, 0ms), State::left) << "the first of them is free";
  EXPECT_EQ(after(100ms), State::spent);
}

TEST_F(ABudget, IsNotSpentByWhoWaitsForTheMachine) {
  EXPECT_EQ(after_many(200, 100ms, 100ms), State::left);
  EXPECT_EQ(budget_.counted(), 0ns);
}

TEST_F(ABudget, IsSpentLaterByWhoWaitsATime) {
  EXPECT_EQ(after_many(32, 100ms, 50ms), State::left);
  EXPECT_EQ(after(100ms, 50ms), State::spent);
}

TEST_F(ABudget, IsSpentByWhoSpinsForAllThatTheMachineGivesIt) {
  for (int look = 0; look < 160; ++look) EXPECT_EQ(after(100ms, 190ms, 10ms), State::left) << look;
  EXPECT_EQ(after(100ms, 190ms, 10ms), State::spent);
}

TEST_F(ABudget, AWaitThatIsToldALookLaterDoesNotCount) {
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(after(100ms, 0ms, 4ms), State::left) << "it ran for an instant, and waits";
    EXPECT_EQ(after(100ms, 196ms, 0ms), State::left) << i;
  }
  EXPECT_LT(budget_.counted(), 600ms);
}

TEST_F(ABudget, SeveralThatWaitedAtOnceDelayItByLittle) {
  EXPECT_EQ(after_many(100, 100ms, 900ms), State::left);
  EXPECT_EQ(after_many(19, 100ms, 0ms), State::left);
  EXPECT_EQ(after(100ms), State::spent);
}

TEST_F(ABudget, SeveralThatWaitAtOnceTakeNothingBack) {
  EXPECT_EQ(after_many(11, 100ms, 0ms), State::left);
  EXPECT_EQ(after(100ms, 900ms), State::left);
  EXPECT_EQ(budget_.counted(), 1000ms);
}

TEST_F(ABudget, IsNotSpentWhileNobodyLooks) {
  after(100ms);
  EXPECT_EQ(after(60s), State::left) << "the suite was stopped, or late";
  EXPECT_EQ(budget_.counted(), 400ms);
}

TEST_F(ABudget, IsUndecidedAtLast) {
  EXPECT_EQ(budget_.ceiling(), 60s + 48s);
  EXPECT_EQ(after_many(1079, 100ms, 100ms), State::left);
  EXPECT_EQ(after(100ms, 100ms), State::undecided);
  EXPECT_EQ(after(100ms), State::undecided) << "for good";
}

TEST_F(ABudget, IsDecidedAtLastOfWhoeverGetsOnSlowly) {
  State state = State::left;
  int looks = 0;
  for (; state == State::left; ++looks) state = after(100ms, looks % 2 == 0 ? 199ms : 0ms, looks % 2 == 0 ? 0ms : 1ms);
  EXPECT_EQ(state, State::spent);
  EXPECT_GT(looks * 100ms, 2 * budget_.ceiling());
}

TEST_F(ABudget, ReadsNothingBeforeALookIsDue) {
  EXPECT_EQ(budget_.look(now_ + 10ms), State::left);
  EXPECT_EQ(budget_.to_next_look(now_ + 10ms), 90ms);
  EXPECT_EQ(budget_.to_next_look(now_ + 110ms), 0ms);
}

TEST(TimeBudget, WhatIsUndecidedIsARefusal) {
  EXPECT_EQ(too_late(State::spent, "no reply").value().kind, Error::Kind::failed);
  EXPECT_EQ(too_late(State::spent, "no reply").value().message, "no reply");
  EXPECT_EQ(too_late(State::undecided, "no reply").value().kind, Error::Kind::refused);
}

TEST(TimeBudget, OfNothingIsSpent) {
  TimeBudget none(0ns);
  EXPECT_EQ(none.look(), State::spent);
  EXPECT_EQ(none.milliseconds_to_next_look(), 0);
}

TEST(TimeBudget, OfThisProcessIsSpentByWaiting) {
  const auto began = TimeBudget::Clock::now();
  TimeBudget budget(50ms);
  while (budget.look() == State::left) {
    std::this_thread::sleep_for(std::chrono::milliseconds(budget.milliseconds_to_next_look()));
  }
  EXPECT_EQ(budget.look(), State::spent);
  EXPECT_GE(TimeBudget::Clock::now() - began, 50ms);
}

}  // namespace
}  // namespace assay
