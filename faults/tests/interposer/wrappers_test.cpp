// Each wrapped function, by a program that calls it and by one built with fortified names: seen, refused, and left
// alone.

#include <fcntl.h>
#include <gmock/gmock.h>
#include <cerrno>
#include <csignal>
#include <set>
#include <sstream>

#include "faults/tests/interposer/interposed_test_base.h"

namespace assay::interposer_tests {
namespace {

using points::Effect;

constexpr int kRareErrno = ENOTUNIQ;  // no wrapped function gives it by itself

std::vector<std::string> probed_points() {
  std::istringstream lines(run({ASSAY_PROBE, "list"}, {}, "/").output);
  std::vector<std::string> names;
  for (std::string line; std::getline(lines, line);) names.push_back(line);
  return names;
}

class Wrappers : public InterposedTest, public testing::WithParamInterface<const char*> {
 protected:
  std::string visit(const std::string& point, const Environment& environment) {
    const std::string scratch = folder() + "/scratch";
    run({"rm", "-rf", scratch}, {}, "/");
    run({"mkdir", scratch}, {}, "/");
    return run({GetParam(), "visit", point}, environment, scratch).output;
  }
};

TEST_P(Wrappers, PassThroughAndAreCounted) {
  for (const std::string& point : probed_points()) {
    block().reset();
    EXPECT_EQ(visit(point, {}), "ok\n") << point << " without the interposer";
    EXPECT_EQ(visit(point, interposed()), "ok\n") << point;
    EXPECT_GE(block().counter(point).reached, 1u) << point << " was not seen";
  }
}

TEST_P(Wrappers, FailWithThePlannedErrno) {
  for (const std::string& point : probed_points()) {
    if (!points::find_point(point)->allows(Effect::fail)) continue;
    arm({points::fail(point, kRareErrno)});
    EXPECT_EQ(visit(point, interposed()), std::to_string(kRareErrno) + "\n") << point;
    EXPECT_EQ(block().plan_status().at(0).fired, 1u) << point;
    block().disarm();
  }
}

TEST_P(Wrappers, KillTheProcessBeforeTheCall) {
  arm({points::kill_at("posix/io/dir/unlink")});
  const std::string scratch = folder() + "/scratch";
  run({"mkdir", scratch}, {}, "/");
  EXPECT_EQ(run({GetParam(), "visit", "posix/io/dir/unlink"}, interposed(), scratch).status, 128 + SIGKILL);
  EXPECT_EQ(access((scratch + "/file").c_str(), F_OK), 0) << "killed after the call";
}

INSTANTIATE_TEST_SUITE_P(Plain, Wrappers, testing::Values(ASSAY_PROBE));
INSTANTIATE_TEST_SUITE_P(Fortified, Wrappers, testing::Values(ASSAY_PROBE_FORTIFIED));

// Every point that the catalogue promises of the interposer can be reached; the exceptions are in the middle of a lock.
TEST(WrappersCatalogue, IsCoveredByTheProbe) {
  const std::vector<std::string> probed = probed_points();
  std::set<std::string> missing;
  for (const points::CatalogueEntry& entry : points::catalogue()) {
    if (entry.name.starts_with("posix/")) missing.emplace(entry.name);
  }
  for (const std::string& name : probed) EXPECT_EQ(missing.erase(name), 1u) << name << " is not in the catalogue";
  EXPECT_THAT(missing, testing::ElementsAre("posix/lock/fcntl/acquired", "posix/lock/fcntl/blocked",
                                            "posix/lock/mutex/blocked"));
}

class Interposer : public InterposedTest {};

TEST_F(Interposer, DoesNothingWithoutAControlBlock) {
  arm({points::fail("*", kRareErrno, points::always())});
  Environment environment = interposed();
  environment.erase("ASSAY_CONTROL");
  EXPECT_EQ(run({ASSAY_PROBE, "visit", "posix/io/stat/stat"}, environment, folder()).output, "ok\n");
  EXPECT_TRUE(block().counters().empty());
}

TEST_F(Interposer, RefusesABrokenControlFileLoudly) {
  Environment environment = interposed();
  environment["ASSAY_CONTROL"] = folder() + "/broken";
  Outcome outcome = run({"/bin/true"}, environment, folder());
  EXPECT_EQ(outcome.status, 69);
  EXPECT_THAT(outcome.output, testing::HasSubstr("cannot be opened: No such file or directory; create it first"));
  write_file(folder() + "/broken", "too short");
  outcome = run({"/bin/true"}, environment, folder());
  EXPECT_EQ(outcome.status, 69);
  EXPECT_THAT(outcome.output, testing::HasSubstr("has 9 bytes instead of"));
}

TEST_F(Interposer, SurvivesAProgramThatClosesAllDescriptors) {
  arm({points::fail("posix/lock/fcntl/setlkw", EINTR)});
  EXPECT_EQ(run({ASSAY_PROBE, "lock"}, interposed(), folder()).output, std::to_string(EINTR) + "\n");
}

TEST_F(Interposer, SeesLibrariesOpenedWithDeepBinding) {
  arm({points::fail("posix/lock/fcntl/setlkw", EDEADLK)});
  EXPECT_EQ(run({ASSAY_PROBE, "deepbind", ASSAY_PROBE_PLUGIN}, interposed(), folder()).output,
            std::to_string(EDEADLK) + "\n");
}

TEST_F(Interposer, StopsAfterTheLockWasGranted) {
  arm({points::pause_at("posix/lock/fcntl/acquired")});
  Process process({ASSAY_PROBE, "visit", "posix/lock/fcntl/setlk"}, interposed(), folder());
  ASSERT_TRUE(block().wait_held("posix/lock/fcntl/acquired", points::kAnyWorker, std::chrono::seconds(5)));
  // Held with the lock: somebody else sees the holder.
  const int fd = open((folder() + "/file").c_str(), O_RDWR);
  struct flock lock = {};
  lock.l_type = F_WRLCK;
  fcntl(fd, F_GETLK, &lock);
  close(fd);
  EXPECT_EQ(lock.l_pid, process.pid());
  block().release();
  EXPECT_EQ(process.read_all(), "ok\n");
}

TEST_F(Interposer, StopsWhereAnotherHoldsTheLock) {
  arm({points::pause_at("posix/lock/fcntl/acquired"), points::pause_at("posix/lock/fcntl/blocked")});
  Process holder({ASSAY_PROBE, "visit", "posix/lock/fcntl/setlk"}, interposed(), folder());
  ASSERT_TRUE(block().wait_held("posix/lock/fcntl/acquired", points::kAnyWorker, std::chrono::seconds(5)));
  Process waiting({ASSAY_PROBE, "visit", "posix/lock/fcntl/setlkw"}, interposed(), folder());
  ASSERT_TRUE(block().wait_held("posix/lock/fcntl/blocked", points::kAnyWorker, std::chrono::seconds(5)));
  block().release();
  EXPECT_EQ(holder.read_all(), "ok\n");
  EXPECT_EQ(waiting.read_all(), "ok\n");
}

TEST_F(Interposer, LetsAMutexOfOneProcessPass) {
  EXPECT_EQ(run({ASSAY_PROBE, "visit", "posix/lock/mutex/lock"}, interposed(), folder()).output, "ok\n");
  const auto seen = block().counter("posix/lock/mutex/lock").reached;
  EXPECT_EQ(run({ASSAY_PROBE, "own-mutex"}, interposed(), folder()).output, "ok\n");
  EXPECT_EQ(block().counter("posix/lock/mutex/lock").reached, seen);
}

TEST_F(Interposer, StopsWhereAnotherHasTheMutex) {
  arm({points::pause_at("posix/lock/mutex/blocked")});
  Process waiting({ASSAY_PROBE, "two-mutex-owners"}, interposed(), folder());
  ASSERT_TRUE(block().wait_held("posix/lock/mutex/blocked", points::kAnyWorker, std::chrono::seconds(5)));
  block().disarm();
  EXPECT_EQ(waiting.read_all(), "ok\n") << "the other one gave it back meanwhile, and nothing is armed";
}

TEST_F(Interposer, NamesTheWorkerFromTheEnvironment) {
  arm({points::fail("posix/io/stat/stat", EIO, points::always()).for_worker(4)});
  Environment environment = interposed();
  EXPECT_EQ(run({ASSAY_PROBE, "visit", "posix/io/stat/stat"}, environment, folder()).output, "ok\n");
  environment["ASSAY_WORKER"] = "4";
  EXPECT_EQ(run({ASSAY_PROBE, "visit", "posix/io/stat/stat"}, environment, folder()).output,
            std::to_string(EIO) + "\n");
}

TEST_F(Interposer, RefusesHugePagesAsAKernelWithoutAny) {
  EXPECT_EQ(run({ASSAY_PROBE, "huge"}, interposed(), folder()).output, std::to_string(ENOMEM) + "\n");
}

bool exists(pid_t pid) {
  return kill(pid, 0) == 0;
}

// Whether a process that is no child of the test ends within two seconds.
bool ends(pid_t pid) {
  for (int i = 0; i < 400 && exists(pid); ++i) {
    if (read_file("/proc/" + std::to_string(pid) + "/stat").find(") Z ") != std::string::npos) return true;
    usleep(5000);
  }
  return !exists(pid);
}

TEST_F(Interposer, ChildrenDieWithTheirParentWhenAskedTo) {
  Environment environment = interposed();
  environment["ASSAY_DIE_WITH_PARENT"] = "1";
  Process process({ASSAY_PROBE, "fork-wait"}, environment, folder());
  const pid_t child = std::stoi(process.read_line());
  ASSERT_TRUE(exists(child));
  process.signal(SIGKILL);
  EXPECT_TRUE(ends(child));
}

TEST_F(Interposer, ChildrenOutliveTheirParentOtherwise) {
  Process process({ASSAY_PROBE, "fork-wait"}, interposed(), folder());
  const pid_t child = std::stoi(process.read_line());
  process.signal(SIGKILL);
  process.wait();
  usleep(50'000);
  EXPECT_TRUE(exists(child));
  kill(child, SIGKILL);
}

}  // namespace
}  // namespace assay::interposer_tests
