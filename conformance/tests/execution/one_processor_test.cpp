#include "conformance/execution/one_processor.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <thread>
#include <vector>

namespace assay::conformance {
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

TEST(OneProcessor, KeepsTheThreadOnItAndLetsItGo) {
  apart([] {
    const int before = processors_allowed();
    {
      const OneProcessor processor;
      ASSERT_GE(processor.number(), 0);
      EXPECT_EQ(processors_allowed(), 1);
      EXPECT_EQ(::sched_getcpu(), processor.number());
    }
    EXPECT_EQ(processors_allowed(), before);
  });
}

TEST(OneProcessor, TwoAreOnDifferentOnesAsLongAsThereAreSome) {
  if (processors_allowed() < 2) GTEST_SKIP() << "only one processor is allowed here";
  std::optional<OneProcessor> first, second;
  apart([&] { first.emplace(); });
  apart([&] { second.emplace(); });
  // Another suite on this machine may hold them all.
  if (processors_allowed() == 2 && first->number() == second->number()) GTEST_SKIP() << "another suite is running";
  EXPECT_NE(first->number(), second->number());
}

TEST(OneProcessor, MoreThanThereAreShare) {
  apart([] {
    std::vector<std::unique_ptr<OneProcessor>> all;
    for (int i = 0, most = processors_allowed() + 1; i < most; ++i) {
      all.push_back(std::make_unique<OneProcessor>());
      EXPECT_GE(all.back()->number(), 0);
    }
  });
}

}  // namespace
}  // namespace assay::conformance
