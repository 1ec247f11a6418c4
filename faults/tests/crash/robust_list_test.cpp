#include "faults/crash/robust_list.h"

#include <gtest/gtest.h>
#include <linux/futex.h>
#include <pthread.h>

#include "faults/crash/store_tracer.h"
#include "faults/tests/crash/recorded_stores.h"
#include "faults/tests/crash/server_process.h"

namespace assay::crash {
namespace {

constexpr std::size_t kFirst = 4096, kSecond = 8192;

pthread_mutex_t* mutex_at(volatile std::byte* memory, std::size_t offset) {
  return reinterpret_cast<pthread_mutex_t*>(const_cast<std::byte*>(memory) + offset);
}

void make_mutexes(volatile std::byte* memory) {
  pthread_mutexattr_t attributes;
  ::pthread_mutexattr_init(&attributes);
  ::pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  ::pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
  for (const std::size_t offset : {kFirst, kSecond}) ::pthread_mutex_init(mutex_at(memory, offset), &attributes);
}

void change_under_both(volatile std::byte* memory) {
  for (const std::size_t offset : {kFirst, kSecond}) ::pthread_mutex_lock(mutex_at(memory, offset));
  memory[0] = std::byte{1};
  for (const std::size_t offset : {kSecond, kFirst}) ::pthread_mutex_unlock(mutex_at(memory, offset));
}

std::uint32_t word_in(const std::byte* memory, std::size_t offset) {
  std::uint32_t word = 0;
  std::memcpy(&word, memory + offset, sizeof word);  // the first member of a mutex of the C library is its futex
  return word;
}

// The image of each state says of each mutex what the kernel says after a real death there.
TEST(RobustList, MarksInEachStateWhatTheKernelMarks) {
  ServerProcess followed(change_under_both);
  make_mutexes(followed.memory());
  const Recording recording = recorded_stores(followed);
  const StoreLog& log = recording.log;
  ASSERT_GT(log.stores.size(), 8u);
  ImageWalk walk(log);
  std::size_t marked = 0;
  for (std::size_t k = log.stores.size() + 1; k-- > 0;) {  // backwards: marks of one state are gone in the next
    ServerProcess killed(change_under_both);
    make_mutexes(killed.memory());
    ASSERT_EQ(recorded_stores(killed, k).end, RequestEnd::killed);
    killed.end();
    const auto& image = walk.at(k);
    for (const std::size_t offset : {kFirst, kSecond}) {
      EXPECT_EQ(word_in(image[0].data(), offset), word_in(killed.memory(), offset))
          << "state " << k << ", mutex at " << offset;
      marked += word_in(killed.memory(), offset) == FUTEX_OWNER_DIED;
    }
  }
  EXPECT_GT(marked, 4u);
}

TEST(RobustList, MakesAStateOfItsOwnOfAnotherMark) {
  StoreLog log{{std::vector<std::byte>(16)}, {Store{}, Store{}}, {}};  // stores that change nothing
  EXPECT_EQ(distinct_states(log).size(), 1u);
  log.left_locked[1] = {{0, 8}};
  const auto states = distinct_states(log);
  ASSERT_EQ(states.size(), 2u);
  EXPECT_EQ(states[0].alike, 2u);
  EXPECT_EQ(states[1].stores, 1u);
}

}  // namespace
}  // namespace assay::crash
