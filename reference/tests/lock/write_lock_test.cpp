// What the locks for writers have in common.
#include <gtest/gtest.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <thread>

#include "reference/lock/robust_lock.h"
#include "reference/lock/segment_lock.h"
#include "reference/lock/write_section.h"
#include "reference/tests/lock/process_harness.h"
#include "reference/tests/lock/shared_flags.h"

namespace assay::reference {
namespace {

using std::chrono::milliseconds;

void make(std::unique_ptr<SegmentLock>& lock) {
  lock = std::move(*SegmentLock::create(testing::TempDir()));
}

void make(std::unique_ptr<RobustLock>& lock) {
  lock = std::move(*RobustLock::create());
}

template <class Lock>
class WriteLockTest : public testing::Test {
 protected:
  WriteLockTest() { make(lock_); }
  std::unique_ptr<Lock> lock_;
  SharedFlags flags_;
  const char* const blocked = std::is_same_v<Lock, RobustLock> ? "static/lock/blocked" : "lock/write/blocked";
};

using Locks = testing::Types<SegmentLock, RobustLock>;
TYPED_TEST_SUITE(WriteLockTest, Locks, );

TYPED_TEST(WriteLockTest, ExcludesOtherProcesses) {
  auto& lock = *this->lock_;
  auto& flags = this->flags_;
  auto guard = std::optional(std::move(*lock.lock()));
  const pid_t child = fork_running([&] {
    flags[0] = 1;
    auto mine = lock.lock();
    flags[1] = mine.has_value() ? 1 : 2;
  });
  ASSERT_TRUE(flags.wait(0));
  std::this_thread::sleep_for(milliseconds(20));
  EXPECT_EQ(flags[1], 0);
  guard.reset();
  ASSERT_TRUE(flags.wait(1));
  EXPECT_EQ(flags[1], 1);
  reap(child);
}

TYPED_TEST(WriteLockTest, ExcludesThreadsAndProcessesTogether) {
  auto& lock = *this->lock_;
  auto& flags = this->flags_;
  constexpr int kRounds = 2000;
  auto count = [&] {
    for (int i = 0; i < kRounds; ++i) {
      auto guard = lock.lock();
      // Not one atomic step on purpose: an overlap loses an increment.
      const int before = flags[0].load(std::memory_order_relaxed);
      if (i % 16 == 0) std::this_thread::yield();
      flags[0].store(before + 1, std::memory_order_relaxed);
    }
  };
  auto two_threads = [&] {
    std::thread other(count);
    count();
    other.join();
  };
  const pid_t child = fork_running(two_threads);
  two_threads();
  reap(child);
  EXPECT_EQ(flags[0], 4 * kRounds);
}

TYPED_TEST(WriteLockTest, DeathOfTheHolderFreesTheLock) {
  auto& lock = *this->lock_;
  auto& flags = this->flags_;
  const pid_t child = fork_running([&] {
    auto guard = lock.lock();
    flags[0] = 1;
    pause();
  });
  ASSERT_TRUE(flags.wait(0));
  kill_and_reap(child);
  EXPECT_TRUE(lock.lock());
  EXPECT_TRUE(lock.lock());
}

TYPED_TEST(WriteLockTest, DeathOfTheHolderFreesTheLockThoughItHadForked) {
  auto& lock = *this->lock_;
  auto& flags = this->flags_;
  const pid_t child = fork_running([&] {
    auto guard = lock.lock();
    flags[1] = fork_running([] { pause(); });
    flags[0] = 1;
    pause();
  });
  ASSERT_TRUE(flags.wait(0));
  kill_and_reap(child);
  EXPECT_TRUE(lock.lock());
  kill(flags[1], SIGKILL);
}

TYPED_TEST(WriteLockTest, AChildNeitherHoldsNorReleasesWhatItsParentHolds) {  // GU-SYS-04
  auto& lock = *this->lock_;
  auto& flags = this->flags_;
  auto guard = std::optional(std::move(*lock.lock()));
  const pid_t child = fork_running([&] { guard.reset(); });
  reap(child);
  const pid_t other = fork_running([&] { flags[0] = lock.lock() ? 1 : 2; });
  std::this_thread::sleep_for(milliseconds(20));
  EXPECT_EQ(flags[0], 0);
  guard.reset();
  reap(other);
  EXPECT_EQ(flags[0], 1);
}

TYPED_TEST(WriteLockTest, AChildForkedWhileAThreadWritesCanWrite) {
  auto& lock = *this->lock_;
  auto& flags = this->flags_;
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    while (!stop) auto guard = lock.lock();
  });
  for (int i = 0; i < 50; ++i) {
    flags[0] = 0;
    const pid_t child = fork_running([&] {
      auto guard = lock.lock();
      flags[0] = 1;
    });
    EXPECT_TRUE(flags.wait(0));
    kill_and_reap(child);
  }
  stop = true;
  writer.join();
}

TYPED_TEST(WriteLockTest, ASignalThatEndsTheProcessWaitsForTheWrite) {  // GU-SYS-05
  auto& lock = *this->lock_;
  auto& flags = this->flags_;
  const pid_t child = fork_running([&] {
    write_section::delay_ending_signals();
    {
      auto guard = lock.lock();
      flags[0] = 1;
      while (flags[1] == 0) usleep(1000);
      flags[2] = 1;
    }
    pause();
  });
  ASSERT_TRUE(flags.wait(0));
  kill(child, SIGTERM);
  usleep(20 * 1000);
  flags[1] = 1;
  const int status = reap(child);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
  EXPECT_EQ(flags[2], 1);
}

// A schedule that lets it go on at once finds it there again, as long as the lock is held.
TYPED_TEST(WriteLockTest, WhoIsHeldAtABusyLockComesBackToItHoweverShortTheHold) {
  auto& lock = *this->lock_;
  auto& flags = this->flags_;
  Faults faults;
  faults.arm({points::pause_at(this->blocked, points::always())});
  auto guard = std::optional(std::move(*lock.lock()));
  const pid_t child = fork_running([&] { flags[0] = lock.lock() ? 1 : 2; });
  for (int round = 0; round < 100; ++round) {
    ASSERT_TRUE(faults.block().wait_held(this->blocked, points::kAnyWorker, milliseconds(2000))) << round;
    EXPECT_EQ(flags[0], 0);
    if (round == 99) guard.reset();
    faults.block().release();
  }
  reap(child);
  EXPECT_EQ(flags[0], 1);
}

TYPED_TEST(WriteLockTest, AnInterruptedWaitGoesOn) {
  auto& lock = *this->lock_;
  auto& flags = this->flags_;
  struct sigaction action {};
  action.sa_handler = [](int) {};
  struct sigaction before {};
  const pid_t child = fork_running([&] {
    auto guard = lock.lock();
    flags[0] = 1;
    usleep(50 * 1000);
  });
  ASSERT_TRUE(flags.wait(0));
  sigaction(SIGALRM, &action, &before);  // no SA_RESTART: each signal interrupts the wait
  const itimerval every_millisecond{{0, 1000}, {0, 1000}};
  setitimer(ITIMER_REAL, &every_millisecond, nullptr);
  auto guard = lock.lock();
  const itimerval off{};
  setitimer(ITIMER_REAL, &off, nullptr);
  sigaction(SIGALRM, &before, nullptr);
  EXPECT_TRUE(guard) << guard.error().message;
  reap(child);
}

TEST(RobustLockTest, AThreadThatHasItIsRefused) {
  const auto lock = std::move(*RobustLock::create());
  const auto guard = lock->lock();
  const auto again = lock->lock();
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, EDEADLK);
}

// The system calls of a process are counted where it is forbidden to make any (seccomp's strict mode kills it).
TEST(RobustLockTest, MakesNoSystemCallWhereNobodyWaits) {
  const auto lock = std::move(*RobustLock::create());
  const pid_t child = fork_running([&] {
    { const auto first = lock->lock(); }  // a thread's id is asked for once
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) != 0) _exit(2);
    for (int i = 0; i < 1000; ++i) const auto guard = lock->lock();
    syscall(SYS_exit, 0);
  });
  const int status = reap(child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
}

}  // namespace
}  // namespace assay::reference
