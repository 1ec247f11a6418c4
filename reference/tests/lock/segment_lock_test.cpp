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
#include "reference/tests/lock/shared_flags.h"

namespace assay::reference {
namespace {

using std::chrono::milliseconds;

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

TEST_F(SegmentLockTest, AChildIsNotTheUserThatItsParentIs) {
  auto usage = std::move(**lock_->register_user());
  const pid_t child = fork_running([&] {
    flags_[1] = usage.covers_this_process() ? 1 : 2;
    { auto dropped = std::move(usage); }
    flags_[0] = 1;
  });
  ASSERT_TRUE(flags_.wait(0));
  reap(child);
  EXPECT_EQ(flags_[1], 2);
  const pid_t other = fork_running([&] { flags_[2] = lock_->try_exclude_users()->has_value() ? 1 : 2; });
  reap(other);
  EXPECT_EQ(flags_[2], 2);
}

TEST_F(SegmentLockTest, TriesWithoutWaiting) {
  auto guard = std::optional(std::move(*lock_->lock()));
  const auto tries = [&] { return fork_running([&] { flags_[0] = lock_->try_lock()->has_value() ? 1 : 2; }); };
  reap(tries());
  EXPECT_EQ(flags_[0], 2);
  guard.reset();
  reap(tries());
  EXPECT_EQ(flags_[0], 1);
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

}  // namespace
}  // namespace assay::reference
