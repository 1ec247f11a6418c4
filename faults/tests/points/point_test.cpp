#include "faults/points/point.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/time.h>
#include <cerrno>
#include <csignal>
#include <thread>

#include "faults/tests/points/compiled_out.h"
#include "faults/tests/points/temporary_block.h"

namespace assay::points {
namespace {

using testing::ElementsAre;

std::vector<int> visits(int count) {
  std::vector<int> results;
  for (int i = 0; i < count; ++i) results.push_back(point("lock/write/acquire"));
  return results;
}

TEST(Point, IsSilentWithoutABlock) {
  ASSERT_EQ(attached(), nullptr);
  EXPECT_FALSE(armed());
  EXPECT_EQ(point("lock/write/acquire"), 0);
}

TEST(Point, IsSilentAndUncountedWhileIdle) {
  TemporaryBlock block;
  EXPECT_EQ(point("lock/write/acquire"), 0);
  EXPECT_TRUE(block->counters().empty());
}

TEST(Point, FailsOnce) {
  TemporaryBlock block;
  ASSERT_TRUE(block->arm({fail("lock/write/acquire", EINTR, once(2))}));
  EXPECT_THAT(visits(4), ElementsAre(0, EINTR, 0, 0));
}

TEST(Point, FailsFromThereOn) {
  TemporaryBlock block;
  ASSERT_TRUE(block->arm({fail("lock/write/acquire", ENOLCK, from(3))}));
  EXPECT_THAT(visits(5), ElementsAre(0, 0, ENOLCK, ENOLCK, ENOLCK));
}

TEST(Point, FailsEveryKth) {
  TemporaryBlock block;
  ASSERT_TRUE(block->arm({fail("lock/write/acquire", EIO, every(2))}));
  EXPECT_THAT(visits(5), ElementsAre(0, EIO, 0, EIO, 0));
}

TEST(Point, FailsAtMostSoOften) {
  TemporaryBlock block;
  ASSERT_TRUE(block->arm({fail("lock/write/acquire", EINTR, from(2).at_most(2))}));
  EXPECT_THAT(visits(5), ElementsAre(0, EINTR, EINTR, 0, 0));
  ASSERT_TRUE(block->arm({fail("lock/write/acquire", EINTR, every(2).at_most(1))}));
  EXPECT_THAT(visits(5), ElementsAre(0, EINTR, 0, 0, 0));
}

TEST(Point, CountsOneWildcardOverAllItsPoints) {
  TemporaryBlock block;
  ASSERT_TRUE(block->arm({fail("lock/*", EIO, once(2))}));
  EXPECT_EQ(point("lock/write/acquire"), 0);
  EXPECT_EQ(point("log/open"), 0);
  EXPECT_EQ(point("lock/usage/acquire"), EIO);
}

TEST(Point, IgnoresAWildcardWhereItsEffectMakesNoSense) {
  TemporaryBlock block;
  ASSERT_TRUE(block->arm({fail("lock/*", EIO, always())}));
  EXPECT_EQ(point("lock/write/held"), 0);
  EXPECT_EQ(block->plan_status().at(0).seen, 0u);
}

TEST(Point, CarriesOutSeveralFaultsAndReturnsTheFirstError) {
  TemporaryBlock block;
  ASSERT_TRUE(block->arm({delay_at("log/open", 1000), fail("log/open", EMFILE), fail("log/open", ENFILE, always())}));
  EXPECT_EQ(point("log/open"), EMFILE);
  EXPECT_EQ(point("log/open"), ENFILE);
}

TEST(Point, LeavesErrnoAloneAndSleepsOnThroughASignal) {
  TemporaryBlock block;
  ASSERT_TRUE(block->arm({delay_at("log/open", 20'000), fail("log/open", EMFILE)}));
  const auto before = std::signal(SIGALRM, [](int) {});
  const itimerval soon = {{0, 0}, {0, 5000}};
  setitimer(ITIMER_REAL, &soon, nullptr);
  const std::int64_t start = machine_monotonic_ns();
  errno = ERANGE;
  EXPECT_EQ(point("log/open"), EMFILE);
  EXPECT_EQ(errno, ERANGE);
  EXPECT_GE(machine_monotonic_ns() - start, 20'000'000);
  std::signal(SIGALRM, before);
}

TEST(Point, DelaysByTheMachinesClock) {
  TemporaryBlock block;
  block->freeze_clock();
  ASSERT_TRUE(block->arm({delay_at("log/open", 20'000)}));
  const std::int64_t before = machine_monotonic_ns();
  point("log/open");
  EXPECT_GE(machine_monotonic_ns() - before, 20'000'000);
}

TEST(Point, KillsItsOwnProcessOnlyAndLeavesEvidence) {
  TemporaryBlock block;
  ASSERT_TRUE(block->arm({kill_at("store/publish/key", once(2)).for_worker(5)}));
  const pid_t child = in_child([] {
    set_worker(5);
    set_operation("include a.php");
    for (int i = 0; i < 3; ++i) point("store/publish/key");
    return 0;
  });
  const int status = status_of(child);
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGKILL);
  const EvidenceLog log = block->evidence();
  ASSERT_EQ(log.records.size(), 1u);
  EXPECT_EQ(log.lost, 0u);
  const Evidence& one = log.records[0];
  EXPECT_EQ(one.point, "store/publish/key");
  EXPECT_EQ(one.effect, Effect::kill);
  EXPECT_EQ(one.occurrence, 2u);
  EXPECT_EQ(one.worker, 5);
  EXPECT_EQ(one.pid, child);
  EXPECT_EQ(one.operation, "include a.php");
  EXPECT_EQ(block->counter("store/publish/key").reached, 2u);
  EXPECT_EQ(block->counter("store/publish/key").fired, 1u);
}

TEST(Point, ConcernsOneWorkerOfAProcessWithSeveral) {
  TemporaryBlock block;
  ASSERT_TRUE(block->arm({fail("log/open", EIO, always()).for_worker(1)}));
  EXPECT_EQ(point(WorkerContext{0}, "log/open"), 0);
  EXPECT_EQ(point(WorkerContext{1}, "log/open"), EIO);
  EXPECT_EQ(point("log/open"), 0);
  set_worker(1);
  EXPECT_EQ(point("log/open"), EIO);
  EXPECT_EQ(point(WorkerContext{0}, "log/open"), 0);
}

TEST(Point, KnowsAWorkerThatIsAThread) {
  TemporaryBlock block;
  set_worker(0);
  ASSERT_TRUE(block->arm({fail("log/open", EIO, always()).for_worker(1)}));
  int in_thread = 0, elsewhere = 0;
  std::thread([&] {
    set_thread_worker(1);
    in_thread = point("log/open");
  }).join();
  std::thread([&] { elsewhere = point("log/open"); }).join();
  EXPECT_EQ(in_thread, EIO);
  EXPECT_EQ(elsewhere, 0);
  EXPECT_EQ(point("log/open"), 0);
}

TEST(Point, KnowsAWorkerByWhatTheSuiteToldAboutItsProcess) {
  TemporaryBlock block;
  ASSERT_TRUE(block->arm({fail("log/open", EIO, always()).for_worker(9)}));
  EXPECT_EQ(point("log/open"), 0);
  ASSERT_TRUE(block->name_worker(9, getpid()));
  block->set_operation(9, "fetch k");
  EXPECT_EQ(point("log/open"), EIO);
  EXPECT_EQ(block->evidence().records.at(0).operation, "fetch k");
  block->forget(getpid());
  EXPECT_EQ(point("log/open"), 0);
  EXPECT_FALSE(block->name_worker(128, getpid()));
}

TEST(Point, ConcernsOneProcess) {
  TemporaryBlock block;
  ASSERT_TRUE(block->arm({fail("log/open", EIO, always()).for_process(getpid())}));
  EXPECT_EQ(point("log/open"), EIO);
  EXPECT_EQ(WEXITSTATUS(status_of(in_child([] { return point("log/open"); }))), 0);
}

TEST(Point, OutsideTheCatalogueIsReportedAndNeverFires) {
  TemporaryBlock block;
  ASSERT_TRUE(block->arm({fail("*", EIO, always())}));
  EXPECT_EQ(point("not/in/the/catalogue"), 0);
  EXPECT_EQ(block->uncatalogued().reached, 1u);
  EXPECT_EQ(block->uncatalogued().point, "not/in/the/catalogue");
}

TEST(Point, CountsEverythingUnderAnEmptyPlan) {
  TemporaryBlock block;
  ASSERT_TRUE(block->arm({}));
  visits(3);
  point(Name::of("log/open"));
  EXPECT_EQ(block->counters().size(), 2u);
  EXPECT_EQ(block->counter("lock/write/acquire").reached, 3u);
  block->reset();
  EXPECT_TRUE(block->counters().empty());
}

TEST(Point, CountsOccurrencesAfreshAfterReset) {
  TemporaryBlock block;
  ASSERT_TRUE(block->arm({fail("lock/write/acquire", EIO, once(2))}));
  EXPECT_THAT(visits(2), ElementsAre(0, EIO));
  block->reset();
  EXPECT_TRUE(block->evidence().records.empty());
  EXPECT_THAT(visits(3), ElementsAre(0, EIO, 0));
  EXPECT_EQ(block->evidence().records.at(0).number, 0u);
}

TEST(Point, IsIdleAfterDisarm) {
  TemporaryBlock block;
  ASSERT_TRUE(block->arm({fail("log/open", EIO, always())}));
  point("log/open");
  block->disarm();
  EXPECT_EQ(point("log/open"), 0);
  EXPECT_EQ(block->plan_status().at(0).fired, 1u) << "what was counted stays readable";
}

TEST(Point, CompiledOutDoesNothing) {
  TemporaryBlock block;
  ASSERT_TRUE(block->arm({fail("lock/write/acquire", EIO, always())}));
  EXPECT_EQ(visit_compiled_out_point(), 0);
  EXPECT_EQ(block->counter("lock/write/acquire").reached, 0u);
}

int refuse_external(const char* name) {
  return std::string_view(name) == "log/open" ? EACCES : 0;
}

TEST(Point, AsksTheExternalEvaluatorOnlyWhenToldTo) {
  TemporaryBlock block;
  set_external_evaluator(refuse_external);
  EXPECT_EQ(point("log/open"), 0);
  block->consult_external(true);
  EXPECT_EQ(point("log/open"), EACCES);
  EXPECT_EQ(point("log/write"), 0);
  ASSERT_TRUE(block->arm({fail("log/open", EIO)}));
  EXPECT_EQ(point("log/open"), EIO) << "the plan comes first";
  block->consult_external(false);
  EXPECT_EQ(point("log/open"), 0);
  set_external_evaluator(nullptr);
}

}  // namespace
}  // namespace assay::points
