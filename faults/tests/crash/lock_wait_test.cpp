#include "faults/crash/lock_wait.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <pthread.h>
#include <sys/file.h>

#include <chrono>
#include <cstdlib>
#include <thread>

#include "faults/tests/crash/server_process.h"

namespace assay::crash {
namespace {

pthread_rwlock_t* lock_in(volatile std::byte* memory) {
  return reinterpret_cast<pthread_rwlock_t*>(const_cast<std::byte*>(memory));
}

void make_lock(volatile std::byte* memory) {
  pthread_rwlockattr_t attributes;
  ::pthread_rwlockattr_init(&attributes);
  ::pthread_rwlockattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  ::pthread_rwlock_init(lock_in(memory), &attributes);
}

// Whether one of so many looks, ten milliseconds apart, finds it asleep.
bool is_found(pid_t pid, int looks) {
  LockWait wait(pid);
  for (int i = 0; i < looks; ++i) {
    if (wait.look()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

TEST(LockWait, FindsWhoWaitsForALockThatAnotherHolds) {
  ServerProcess server([](volatile std::byte* memory) {
    ::pthread_rwlock_wrlock(lock_in(memory));
    ::pthread_rwlock_unlock(lock_in(memory));
  });
  make_lock(server.memory());
  ::pthread_rwlock_rdlock(lock_in(server.memory()));
  std::thread requester([&] { EXPECT_TRUE(server.request()); });
  EXPECT_TRUE(is_found(server.pid(), 1'000));
  ::pthread_rwlock_unlock(lock_in(server.memory()));
  requester.join();
  EXPECT_FALSE(is_found(server.pid(), 20)) << "it waits for its next request";
}

TEST(LockWait, FindsWhoWaitsForAFileLock) {
  char name[] = "/tmp/assay-lock-wait-XXXXXX";
  const int file = ::mkstemp(name);
  const std::string path = name;
  ServerProcess server([path](volatile std::byte*) {
    const int own = ::open(path.c_str(), O_RDWR);
    ::flock(own, LOCK_EX);
    ::close(own);
  });
  ASSERT_EQ(::flock(file, LOCK_EX), 0);
  std::thread requester([&] { EXPECT_TRUE(server.request()); });
  EXPECT_TRUE(is_found(server.pid(), 1'000));
  ::flock(file, LOCK_UN);
  requester.join();
  ::close(file);
  ::unlink(name);
}

TEST(LockWait, FindsNobodyWhoWorksOrSleeps) {
  ServerProcess server([](volatile std::byte* memory) {
    while (memory[0] == std::byte{0}) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    while (memory[0] == std::byte{1}) continue;
  });
  std::thread requester([&] { EXPECT_TRUE(server.request()); });
  EXPECT_FALSE(is_found(server.pid(), 20));
  server.memory()[0] = std::byte{1};
  EXPECT_FALSE(is_found(server.pid(), 20));
  server.memory()[0] = std::byte{2};
  requester.join();
}

TEST(LockWait, FindsNobodyInAProcessThatIsGone) {
  LockWait wait(-1);
  for (int i = 0; i < 2 * LockWait::kLooks; ++i) EXPECT_FALSE(wait.look());
}

}  // namespace
}  // namespace assay::crash
