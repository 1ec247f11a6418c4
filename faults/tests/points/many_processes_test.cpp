// What must hold when many processes and threads meet at points and any of them may be killed at any instant.

#include <gtest/gtest.h>
#include <cerrno>
#include <csignal>
#include <set>
#include <thread>

#include "faults/tests/points/temporary_block.h"

namespace assay::points {
namespace {

TEST(ManyProcesses, ExactlyOneMeetsTheNthOccurrence) {
  TemporaryBlock block;
  constexpr int kWorkers = 4;
  constexpr int kVisits = 2000;
  ASSERT_TRUE(block->arm({fail("log/write", EIO, once(kWorkers * kVisits / 2))}));
  std::vector<pid_t> children;
  for (int i = 0; i < kWorkers; ++i) {
    children.push_back(in_child([] {
      int failures = 0;
      for (int visit = 0; visit < kVisits; ++visit) failures += point("log/write") == EIO ? 1 : 0;
      return failures;
    }));
  }
  int failures = 0;
  for (const pid_t child : children) failures += WEXITSTATUS(status_of(child));
  EXPECT_EQ(failures, 1);
  EXPECT_EQ(block->counter("log/write").reached, static_cast<std::uint64_t>(kWorkers * kVisits));
  EXPECT_EQ(block->evidence().records.size(), 1u);
}

TEST(ManyProcesses, KilledAnywhereTheyLeaveAUsableBlock) {
  TemporaryBlock block;
  ASSERT_TRUE(block->arm({fail("log/write", EIO, every(3)), pause_at("log/open", every(100))}));
  for (int round = 0; round < 100; ++round) {
    const pid_t child = in_child([] {
      for (;;) {
        point("log/write");
        point("log/open");
      }
      return 0;
    });
    usleep(static_cast<useconds_t>(round * 7));
    kill(child, SIGKILL);
    status_of(child);
    block->forget(child);
  }
  EXPECT_TRUE(block->held().empty());
  block->reset();
  ASSERT_TRUE(block->arm({fail("log/write", EIO, once(1))}));
  EXPECT_EQ(point("log/write"), EIO);
  const EvidenceLog log = block->evidence();
  ASSERT_EQ(log.records.size(), 1u);
  EXPECT_EQ(log.records[0].pid, getpid());
}

// As a server does: another user, no descriptor left open, and children of its own.
TEST(ManyProcesses, ThatChangeUserCloseEverythingAndForkAreStillSeen) {
  TemporaryBlock block;
  ASSERT_TRUE(block->arm({fail("log/write", EIO, once(2))}));
  const pid_t child = in_child([] {
    if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) return 9;
    closefrom(0);
    if (point("log/write") != 0) return 8;
    return WEXITSTATUS(status_of(in_child([] { return point("log/write") == EIO ? 7 : 1; })));
  });
  EXPECT_EQ(WEXITSTATUS(status_of(child)), 7);
  EXPECT_EQ(block->counter("log/write").reached, 2u);
  EXPECT_EQ(block->evidence().records.size(), 1u);
}

TEST(ManyProcesses, ChildrenOfThreadsThatVisitPointsDoNotHang) {
  TemporaryBlock block;
  ASSERT_TRUE(block->arm({fail("log/write", EIO, every(2))}));
  std::atomic<bool> stop{false};
  std::thread visitor([&] {
    while (!stop.load()) point("log/write");
  });
  for (int i = 0; i < 200; ++i) {
    const pid_t child = in_child([] {
      alarm(5);
      return point("log/open");
    });
    EXPECT_EQ(status_of(child), 0);
  }
  stop.store(true);
  visitor.join();
}

TEST(Evidence, KeepsTheLatestWhenTheRingIsFull) {
  TemporaryBlock block;
  ASSERT_TRUE(block->arm({fail("log/write", EIO, always())}));
  for (std::size_t i = 0; i < kEvidenceRecords + 10; ++i) point("log/write");
  const EvidenceLog log = block->evidence();
  EXPECT_EQ(log.records.size(), kEvidenceRecords);
  EXPECT_EQ(log.lost, 10u);
  EXPECT_EQ(log.records.front().number, 10u);
  EXPECT_EQ(log.records.back().occurrence, kEvidenceRecords + 10);
}

TEST(Evidence, OmitsWhatADeathCutOff) {
  TemporaryBlock block;
  ASSERT_TRUE(block->arm({fail("log/write", EIO, always())}));
  point("log/write");
  block->layout().evidence_next.fetch_add(1);  // as if a process had been killed right after it took its number
  point("log/write");
  const EvidenceLog log = block->evidence();
  EXPECT_EQ(log.records.size(), 2u);
  EXPECT_EQ(log.lost, 1u);
}

TEST(Evidence, OfThreadsIsWhole) {
  TemporaryBlock block;
  ASSERT_TRUE(block->arm({fail("log/*", EIO, always())}));
  std::vector<std::thread> threads;
  for (std::int32_t worker = 0; worker < 4; ++worker) {
    threads.emplace_back([worker] {
      const WorkerContext context{worker};
      set_operation(context, std::to_string(worker).c_str());
      for (int i = 0; i < 100; ++i) point(context, "log/write");
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<std::uint64_t> occurrences;
  for (const Evidence& one : block->evidence().records) {
    EXPECT_EQ(one.operation, std::to_string(one.worker));
    occurrences.insert(one.occurrence);
  }
  EXPECT_EQ(occurrences.size(), 400u);
}

}  // namespace
}  // namespace assay::points
