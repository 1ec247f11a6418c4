#include "conformance/execution/outside_lock.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "conformance/tests/test_folder.h"

namespace assay::conformance {
namespace {

class OutsideLockTest : public testing::Test {
 protected:
  OutsideLockTest() : bytes_{folder_.path() + "/lock", 3, 4} { std::ofstream(bytes_.file) << "lock"; }

  // A process that locks a byte, waiting or not, and ends with 0 where it got it.
  pid_t locker(short type, std::int64_t byte, bool waits) const {
    const pid_t child = ::fork();
    if (child != 0) return child;
    const int file = ::open(bytes_.file.c_str(), O_RDWR);
    struct flock record = {};
    record.l_type = type;
    record.l_whence = SEEK_SET;
    record.l_start = byte;
    record.l_len = 1;
    ::_exit(::fcntl(file, waits ? F_SETLKW : F_SETLK, &record) == 0 ? 0 : 1);
  }
  static bool got_it(pid_t child) {
    int status = 0;
    return ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }
  bool is_free(short type, std::int64_t byte) const { return got_it(locker(type, byte, false)); }

  TestFolder folder_;
  LockBytes bytes_;
  OutsideLock lock_;
};

TEST_F(OutsideLockTest, HoldsTheByteThatIsNamedUntilItLetsGo) {
  ASSERT_TRUE(lock_.take(bytes_, "write", false));
  EXPECT_FALSE(is_free(F_RDLCK, 3));
  EXPECT_TRUE(is_free(F_WRLCK, 4));
  ASSERT_TRUE(lock_.take(bytes_, "usage", true));
  EXPECT_TRUE(is_free(F_RDLCK, 4));
  EXPECT_FALSE(is_free(F_WRLCK, 4));
  EXPECT_FALSE(is_free(F_RDLCK, 3)) << "the first one is still held";
  lock_.let_go();
  EXPECT_TRUE(is_free(F_WRLCK, 3));
  EXPECT_TRUE(is_free(F_WRLCK, 4));
}

TEST_F(OutsideLockTest, TellsWhomItMakesWait) {
  ASSERT_TRUE(lock_.take(bytes_, "write", false));
  const pid_t waits = locker(F_WRLCK, 3, true);
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!lock_.makes_wait(waits) && std::chrono::steady_clock::now() < limit) std::this_thread::yield();
  EXPECT_TRUE(lock_.makes_wait(waits));
  EXPECT_FALSE(lock_.makes_wait(::getpid()));
  lock_.let_go();
  EXPECT_TRUE(got_it(waits));
}

TEST_F(OutsideLockTest, SaysWhatIsWrong) {
  const auto unknown = lock_.take(bytes_, "read", false);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().message, "there is no lock \"read\": write, usage");
  bytes_.file = folder_.path() + "/none";
  EXPECT_FALSE(lock_.take(bytes_, "write", false));
}

}  // namespace
}  // namespace assay::conformance
