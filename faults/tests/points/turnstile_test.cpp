#include "faults/points/turnstile.h"

#include <gtest/gtest.h>
#include <atomic>
#include <chrono>
#include <csignal>
#include <thread>

#include "faults/tests/points/temporary_block.h"

namespace assay::points {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

pid_t worker_at(std::int32_t worker, int rounds = 1) {
  return in_child([worker, rounds] {
    set_worker(worker);
    for (int i = 0; i < rounds; ++i) point("lock/write/held");
    return 7;
  });
}

TEST(Turnstile, HoldsAWorkerUntilItIsReleased) {
  TemporaryBlock block;
  ASSERT_TRUE(block->arm({pause_at("lock/write/held")}));
  const pid_t child = worker_at(3);
  const auto held = block->wait_held("lock/write/held", 3, seconds(5));
  ASSERT_TRUE(held);
  EXPECT_EQ(held->worker, 3);
  EXPECT_EQ(held->pid, child);
  EXPECT_EQ(held->occurrence, 1u);
  EXPECT_EQ(waitpid(child, nullptr, WNOHANG), 0) << "it went on by itself";
  EXPECT_EQ(block->release("lock/write/held", 3), 1);
  EXPECT_EQ(WEXITSTATUS(status_of(child)), 7);
  EXPECT_TRUE(block->held().empty());
}

TEST(Turnstile, TellsWhoWasHeldHoweverShort) {
  TemporaryBlock block;
  ASSERT_TRUE(block->arm({pause_at("lock/write/blocked", once(2)), delay_at("lock/write/held", 1'000)}));
  const pid_t child = in_child([] {
    set_worker(1);
    int held = 0;
    for (int visit = 0; visit < 3; ++visit) held = held * 2 + held_at("lock/write/blocked");
    return held * 2 + held_at("lock/write/held");
  });
  ASSERT_TRUE(block->wait_held("lock/write/blocked", 1, seconds(5)));
  block->release();
  EXPECT_EQ(WEXITSTATUS(status_of(child)), 0b0100);
}

TEST(Turnstile, LetsOthersPass) {
  TemporaryBlock block;
  ASSERT_TRUE(block->arm({pause_at("lock/write/held", always()).for_worker(1)}));
  const pid_t first = worker_at(1);
  ASSERT_TRUE(block->wait_held("lock/*", kAnyWorker, seconds(5)));
  EXPECT_EQ(WEXITSTATUS(status_of(worker_at(2))), 7);
  EXPECT_EQ(block->held().size(), 1u);
  block->release();
  status_of(first);
}

TEST(Turnstile, ReleasesOnlyWhatIsMeant) {
  TemporaryBlock block;
  ASSERT_TRUE(block->arm({pause_at("lock/write/held", always())}));
  const pid_t first = worker_at(1);
  const pid_t second = worker_at(2);
  ASSERT_TRUE(block->wait_held("*", 1, seconds(5)));
  ASSERT_TRUE(block->wait_held("*", 2, seconds(5)));
  EXPECT_EQ(block->release("log/*"), 0);
  EXPECT_EQ(block->release("*", 3), 0);
  EXPECT_EQ(block->release_process(first), 1);
  EXPECT_EQ(WEXITSTATUS(status_of(first)), 7);
  ASSERT_EQ(block->held().size(), 1u);
  EXPECT_EQ(block->held().at(0).worker, 2);
  EXPECT_EQ(block->release("*", 2), 1);
  status_of(second);
}

TEST(Turnstile, HoldsAgainAtTheNextVisitAndUsesItsGateAgain) {
  constexpr int kRounds = kMaxGates + 1;
  TemporaryBlock block;
  ASSERT_TRUE(block->arm({pause_at("lock/write/held", always())}));
  const pid_t child = worker_at(1, kRounds);
  for (std::uint64_t round = 1; round <= kRounds; ++round) {
    const auto held = block->wait_held("lock/write/held", 1, seconds(5));
    ASSERT_TRUE(held);
    EXPECT_EQ(held->occurrence, round);
    EXPECT_EQ(block->release("lock/write/held", 1), 1);
  }
  EXPECT_EQ(WEXITSTATUS(status_of(child)), 7);
}

TEST(Turnstile, SaysWhenNobodyComes) {
  TemporaryBlock block;
  ASSERT_TRUE(block->arm({pause_at("lock/write/held")}));
  EXPECT_FALSE(block->wait_held("lock/write/held", kAnyWorker, milliseconds(20)));
}

TEST(Turnstile, DisarmingLetsEverybodyGo) {
  TemporaryBlock block;
  ASSERT_TRUE(block->arm({pause_at("lock/write/held", always())}));
  const pid_t child = worker_at(1);
  ASSERT_TRUE(block->wait_held("*", 1, seconds(5)));
  block->disarm();
  EXPECT_EQ(WEXITSTATUS(status_of(child)), 7);
}

// A worker may have seen the plan and not be at its gate yet when the plan is withdrawn, or followed by another.
TEST(Turnstile, NobodyIsHeldByAPlanThatIsGone) {
  constexpr int kPlans = 2'000;
  TemporaryBlock block;
  std::atomic<bool> is_over = false;
  std::atomic<std::uint64_t> passed = 0;
  std::thread worker([&] {
    while (!is_over) {
      point("lock/write/held");
      ++passed;
    }
  });
  for (int i = 0; i < kPlans && !HasFailure(); ++i) {
    EXPECT_TRUE(block->arm({pause_at("lock/write/held", always())}));
    if (i % 2 == 0) block->disarm();
    EXPECT_TRUE(block->arm({pause_at("lock/write/blocked", always())}));
    const std::uint64_t before = passed;
    const auto deadline = std::chrono::steady_clock::now() + seconds(20);
    while (passed == before && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
    EXPECT_NE(passed, before) << "held by plan " << i << ", which is gone";
  }
  block->disarm();
  is_over = true;
  worker.join();
}

TEST(Turnstile, ADeadWorkersGateIsFreedWhenItIsForgotten) {
  TemporaryBlock block;
  ASSERT_TRUE(block->arm({pause_at("lock/write/held", always())}));
  const pid_t child = worker_at(1);
  ASSERT_TRUE(block->wait_held("*", 1, seconds(5)));
  kill(child, SIGKILL);
  status_of(child);
  EXPECT_EQ(block->held().size(), 1u);
  block->forget(child);
  EXPECT_TRUE(block->held().empty());
}

TEST(Turnstile, AGateTakenByAProcessThatDiedBeforeItWaitedIsFreedToo) {
  TemporaryBlock block;
  for (const Gate::State state : {Gate::taken, Gate::released}) {
    block->layout().gates[0].word.store(Gate::word_of(4'194'303, state));
    block->forget(4'194'303);
    EXPECT_EQ(block->layout().gates[0].word.load(), 0u);
  }
}

TEST(Turnstile, HasAsManyGatesAsItSays) {
  TemporaryBlock block;
  for (Gate& gate : block->layout().gates) gate.word.store(Gate::word_of(1, Gate::taken));
  ASSERT_TRUE(block->arm({pause_at("lock/write/held")}));
  EXPECT_EQ(WEXITSTATUS(status_of(worker_at(1))), 7) << "without a gate a worker goes on";
  EXPECT_EQ(block->layout().gates_exhausted.load(), 1u);
  for (Gate& gate : block->layout().gates) gate.word.store(0);
}

TEST(Turnstile, WorkersGoOnWhenTheSuiteIsGone) {
  const pid_t owner = in_child([] {
    pause();
    return 0;
  });
  TemporaryBlock block({.extra_points = {}, .owner = owner});
  ASSERT_TRUE(block->arm({pause_at("lock/write/held", always())}));
  const pid_t child = worker_at(1);
  ASSERT_TRUE(block->wait_held("*", 1, seconds(5)));
  kill(owner, SIGKILL);
  status_of(owner);
  EXPECT_EQ(WEXITSTATUS(status_of(child)), 7);
}

TEST(Turnstile, HoldsThreadsOneByOne) {
  TemporaryBlock block;
  ASSERT_TRUE(block->arm({pause_at("lock/write/held", always())}));
  std::thread first([] { point(WorkerContext{1}, "lock/write/held"); });
  std::thread second([] { point(WorkerContext{2}, "lock/write/held"); });
  EXPECT_TRUE(block->wait_held("*", 1, seconds(5)));
  EXPECT_TRUE(block->wait_held("*", 2, seconds(5)));
  EXPECT_EQ(block->release("*", 1), 1);
  first.join();
  EXPECT_EQ(block->release("*", 2), 1);
  second.join();
}

}  // namespace
}  // namespace assay::points
