#include "reference/lock/segment_lock.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <optional>
#include <thread>
#include <vector>

#include "reference/tests/lock/process_harness.h"

namespace assay::reference {
namespace {

using std::chrono::milliseconds;

// One page shared with children: what they report.
class SharedFlags {
 public:
  SharedFlags()
      : flags_(static_cast<std::atomic<int>*>(
            mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0))) {}
  ~SharedFlags() { munmap(flags_, 4096); }
  std::atomic<int>& operator[](int index) { return flags_[index]; }
  // Waits until the flag is not 0 any more; false where that takes too long.
  bool wait(int index) {
    const auto limit = std::chrono::steady_clock::now() + kPatience;
    while (flags_[index] == 0) {
      if (std::chrono::steady_clock::now() > limit) return false;
      std::this_thread::sleep_for(milliseconds(1));
    }
    return true;
  }

 private:
  std::atomic<int>* flags_;
};

void kill_and_reap(pid_t child) {
  kill(child, SIGKILL);
  reap(child);
}

class SegmentLockTest : public testing::Test {
 protected:
  std::unique_ptr<SegmentLock> lock_ = std::move(*SegmentLock::create(testing::TempDir()));
  SharedFlags flags_;
};

TEST_F(SegmentLockTest, LeavesNoFile) {
  char folder[] = "/tmp/assay-lock-test-XXXXXX";
  ASSERT_NE(mkdtemp(folder), nullptr);
  auto lock = SegmentLock::create(folder);
  ASSERT_TRUE(lock);
  EXPECT_TRUE(std::filesystem::is_empty(folder));
  EXPECT_TRUE(std::filesystem::remove(folder));
}

TEST_F(SegmentLockTest, MissingDirectoryIsAClearError) {
  auto lock = SegmentLock::create("/nonexistent-assay");
  ASSERT_FALSE(lock);
  EXPECT_EQ(lock.error().code, ENOENT);
  EXPECT_NE(lock.error().message.find("/nonexistent-assay"), std::string::npos);
}

TEST_F(SegmentLockTest, ExcludesOtherProcesses) {
  auto guard = std::optional(std::move(*lock_->lock()));
  const pid_t child = fork_running([&] {
    flags_[0] = lock_->try_lock()->has_value() ? 1 : 2;
    auto mine = lock_->lock();
    flags_[1] = mine.has_value() ? 1 : 2;
  });
  ASSERT_TRUE(flags_.wait(0));
  EXPECT_EQ(flags_[0], 2);
  std::this_thread::sleep_for(milliseconds(20));
  EXPECT_EQ(flags_[1], 0);
  guard.reset();
  ASSERT_TRUE(flags_.wait(1));
  EXPECT_EQ(flags_[1], 1);
  reap(child);
}

TEST_F(SegmentLockTest, ExcludesThreadsAndProcessesTogether) {
  constexpr int kRounds = 2000;
  auto count = [&] {
    for (int i = 0; i < kRounds; ++i) {
      auto guard = lock_->lock();
      // Not one atomic step on purpose: an overlap loses an increment.
      const int before = flags_[0].load(std::memory_order_relaxed);
      if (i % 16 == 0) std::this_thread::yield();
      flags_[0].store(before + 1, std::memory_order_relaxed);
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
  EXPECT_EQ(flags_[0], 4 * kRounds);
}

TEST_F(SegmentLockTest, DeathOfTheHolderFreesTheLock) {
  const pid_t child = fork_running([&] {
    auto guard = lock_->lock();
    flags_[0] = 1;
    pause();
  });
  ASSERT_TRUE(flags_.wait(0));
  EXPECT_FALSE(lock_->try_lock()->has_value());
  kill_and_reap(child);
  EXPECT_TRUE(lock_->try_lock()->has_value());
}

TEST_F(SegmentLockTest, DeathOfTheHolderFreesTheLockThoughItHadForked) {
  const pid_t child = fork_running([&] {
    auto guard = lock_->lock();
    flags_[1] = fork_running([] { pause(); });
    flags_[0] = 1;
    pause();
  });
  ASSERT_TRUE(flags_.wait(0));
  kill_and_reap(child);
  EXPECT_TRUE(lock_->try_lock()->has_value());
  kill(flags_[1], SIGKILL);
}

TEST_F(SegmentLockTest, AChildNeitherHoldsNorReleasesWhatItsParentHolds) {
  auto write = std::move(*lock_->lock());
  auto usage = std::move(**lock_->register_user());
  const pid_t child = fork_running([&] {
    flags_[1] = usage.covers_this_process() ? 1 : 2;
    flags_[2] = lock_->try_lock()->has_value() ? 1 : 2;
    { auto dropped = std::move(usage); }
    { auto dropped = std::move(write); }
    flags_[0] = 1;
  });
  ASSERT_TRUE(flags_.wait(0));
  reap(child);
  EXPECT_EQ(flags_[1], 2);
  EXPECT_EQ(flags_[2], 2);
  const pid_t other = fork_running([&] {
    flags_[3] = lock_->try_lock()->has_value() ? 1 : 2;
    flags_[4] = lock_->try_exclude_users()->has_value() ? 1 : 2;
  });
  reap(other);
  EXPECT_EQ(flags_[3], 2);
  EXPECT_EQ(flags_[4], 2);
}

TEST_F(SegmentLockTest, AChildForkedWhileAThreadWritesCanWrite) {
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    while (!stop) auto guard = lock_->lock();
  });
  for (int i = 0; i < 50; ++i) {
    flags_[0] = 0;
    const pid_t child = fork_running([&] {
      auto guard = lock_->lock();
      auto usage = lock_->register_user();
      flags_[0] = 1;
    });
    EXPECT_TRUE(flags_.wait(0));
    kill_and_reap(child);
  }
  stop = true;
  writer.join();
}

TEST_F(SegmentLockTest, UsersAreCountedAndTheLastOneOutReleases) {
  auto first = std::optional(std::move(**lock_->register_user()));
  auto second = std::optional(std::move(**lock_->register_user()));
  auto excluded_from_outside = [&] {
    flags_[0] = 0;
    reap(fork_running([&] { flags_[0] = lock_->try_exclude_users()->has_value() ? 1 : 2; }));
    return flags_[0] == 1;
  };
  EXPECT_FALSE(lock_->try_exclude_users()->has_value());
  EXPECT_FALSE(excluded_from_outside());
  first.reset();
  EXPECT_FALSE(excluded_from_outside());
  second.reset();
  EXPECT_TRUE(excluded_from_outside());
  EXPECT_TRUE(lock_->try_exclude_users()->has_value());
}

TEST_F(SegmentLockTest, ExclusionKeepsUsersOutWithoutWaiting) {
  {
    auto exclusion = std::move(**lock_->try_exclude_users());
    EXPECT_FALSE(lock_->register_user()->has_value());
    reap(fork_running([&] { flags_[0] = lock_->register_user()->has_value() ? 1 : 2; }));
    EXPECT_EQ(flags_[0], 2);
  }
  EXPECT_TRUE(lock_->register_user()->has_value());
}

TEST_F(SegmentLockTest, RegistersWhileAnotherWrites) {
  const pid_t child = fork_running([&] {
    auto guard = lock_->lock();
    flags_[0] = 1;
    pause();
  });
  ASSERT_TRUE(flags_.wait(0));
  EXPECT_TRUE(lock_->register_user()->has_value());
  kill_and_reap(child);
}

TEST_F(SegmentLockTest, NamesTheProcessThatUses) {
  EXPECT_FALSE(lock_->user_process());
  const pid_t child = fork_running([&] {
    auto usage = lock_->register_user();
    flags_[0] = 1;
    pause();
  });
  ASSERT_TRUE(flags_.wait(0));
  EXPECT_EQ(lock_->user_process(), child);
  kill_and_reap(child);
  EXPECT_FALSE(lock_->user_process());
}

TEST_F(SegmentLockTest, ASignalThatEndsTheProcessWaitsForTheWrite) {  // GU-SYS-05
  const pid_t child = fork_running([&] {
    {
      auto guard = lock_->lock();
      flags_[0] = 1;
      while (flags_[1] == 0) usleep(1000);
      flags_[2] = 1;
    }
    pause();
  });
  ASSERT_TRUE(flags_.wait(0));
  kill(child, SIGTERM);
  usleep(20 * 1000);
  flags_[1] = 1;
  const int status = reap(child);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
  EXPECT_EQ(flags_[2], 1);
}

// A schedule that lets it go on at once finds it there again, as long as the lock is held.
TEST_F(SegmentLockTest, WhoIsHeldAtABusyLockComesBackToItHoweverShortTheHold) {
  Faults faults;
  faults.arm({points::pause_at("lock/write/blocked", points::always())});
  std::optional<WriteGuard> guard(std::move(*lock_->lock()));
  const pid_t child = fork_running([&] { flags_[0] = lock_->lock() ? 1 : 2; });
  for (int round = 0; round < 100; ++round) {
    ASSERT_TRUE(faults.block().wait_held("lock/write/blocked", points::kAnyWorker, milliseconds(2000))) << round;
    EXPECT_EQ(flags_[0], 0);
    if (round == 99) guard.reset();
    faults.block().release();
  }
  reap(child);
  EXPECT_EQ(flags_[0], 1);
}

TEST_F(SegmentLockTest, AnInterruptedWaitGoesOn) {
  struct sigaction action {};
  action.sa_handler = [](int) {};
  struct sigaction before {};
  const pid_t child = fork_running([&] {
    auto guard = lock_->lock();
    flags_[0] = 1;
    usleep(50 * 1000);
  });
  ASSERT_TRUE(flags_.wait(0));
  sigaction(SIGALRM, &action, &before);  // no SA_RESTART: each signal interrupts the wait
  const itimerval every_millisecond{{0, 1000}, {0, 1000}};
  setitimer(ITIMER_REAL, &every_millisecond, nullptr);
  auto guard = lock_->lock();
  const itimerval off{};
  setitimer(ITIMER_REAL, &off, nullptr);
  sigaction(SIGALRM, &before, nullptr);
  EXPECT_TRUE(guard) << guard.error().message;
  reap(child);
}

}  // namespace
}  // namespace assay::reference
