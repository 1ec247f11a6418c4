#include "support/proc/cpu_pin.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

namespace assay {
namespace {

int processors_allowed() {
  cpu_set_t allowed;
  return ::sched_getaffinity(0, sizeof allowed, &allowed) == 0 ? CPU_COUNT(&allowed) : 0;
}

// In a thread of its own: what holds for the thread does not hold for the other tests.
template <class Body>
void apart(Body body) {
  std::thread(body).join();
}

TEST(CpuPin, KeepsTheThreadOnItAndLetsItGo) {
  apart([] {
    const int before = processors_allowed();
    {
      const CpuPin processor;
      ASSERT_GE(processor.number(), 0);
      EXPECT_EQ(processors_allowed(), 1);
      EXPECT_EQ(::sched_getcpu(), processor.number());
    }
    EXPECT_EQ(processors_allowed(), before);
  });
}

// Makes one where the first allowed processor is the nearest.
void emplace_near_first(std::optional<CpuPin>& made) {
  apart([&] {
    cpu_set_t all, one;
    ASSERT_EQ(::sched_getaffinity(0, sizeof all, &all), 0);
    std::size_t first = 0;
    while (!CPU_ISSET(first, &all)) ++first;
    CPU_ZERO(&one);
    CPU_SET(first, &one);
    ::sched_setaffinity(0, sizeof one, &one);
    ::sched_setaffinity(0, sizeof all, &all);
    made.emplace();
  });
}

TEST(CpuPin, TwoAreOnDifferentOnesAsLongAsThereAreSome) {
  if (processors_allowed() < 2) GTEST_SKIP() << "only one processor is allowed here";
  // Other tests of this machine may hold processors, for a moment. In a row, because chance separates two as well.
  int different = 0;
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (different < 5 && std::chrono::steady_clock::now() < limit) {
    std::optional<CpuPin> one, two;
    emplace_near_first(one);
    emplace_near_first(two);
    different = one->number() != two->number() ? different + 1 : 0;
    if (different == 0) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  EXPECT_EQ(different, 5);
}

TEST(CpuPin, MoreThanThereAreShare) {
  apart([] {
    std::vector<std::unique_ptr<CpuPin>> all;
    for (int i = 0, most = processors_allowed() + 1; i < most; ++i) {
      all.push_back(std::make_unique<CpuPin>());
      EXPECT_GE(all.back()->number(), 0);
    }
  });
}

// The set of processors of a process.
int processors_of(pid_t process) {
  cpu_set_t allowed;
  return ::sched_getaffinity(process, sizeof allowed, &allowed) == 0 ? CPU_COUNT(&allowed) : -1;
}

TEST(CpuPin, TakesAProcessAlongAndLetsBothGo) {
  apart([] {
    const pid_t child = ::fork();
    if (child == 0) {
      ::pause();
      ::_exit(0);
    }
    const int before = processors_allowed(), of_child = processors_of(child);
    {
      const CpuPin processor(child);
      ASSERT_GE(processor.number(), 0);
      EXPECT_EQ(processors_allowed(), 1);
      EXPECT_EQ(processors_of(child), 1);
    }
    EXPECT_EQ(processors_allowed(), before);
    EXPECT_EQ(processors_of(child), of_child);
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
  });
}

TEST(CpuPin, LeavesAllAsItIsWhereTheProcessIsGone) {
  apart([] {
    const int before = processors_allowed();
    const CpuPin processor(::getpid() + 40'000'000);
    EXPECT_EQ(processor.number(), -1);
    EXPECT_EQ(processors_allowed(), before);
  });
}

}  // namespace
}  // namespace assay
