// Real PHP under the interposer: its locks are seen and can be made to fail, its clock moves as the suite says.

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <cerrno>
#include <csignal>
#include <thread>

#include "faults/tests/interposer/fpm.h"
#include "faults/tests/interposer/interposed_test_base.h"

namespace assay::interposer_tests {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;

constexpr char kSetlkw[] = "posix/lock/fcntl/setlkw";
constexpr char kDriver[] =
    "<?php $v = include __DIR__ . '/value.php';"
    "echo $v, ' ', var_export(opcache_is_script_cached(__DIR__ . '/value.php'), true);";

class InterposedPhp : public InterposedTest {
 protected:
  void SetUp() override {
    ASSAY_NEEDS_PROGRAM(kPhpCli);
    ASSAY_NEEDS_PROGRAM(kPhpFpm);
    write_file(folder() + "/value.php", "<?php return 'old';");
    write_file(folder() + "/driver.php", kDriver);
    write_file(folder() + "/pid.php", "<?php echo getmypid();");
  }

  Outcome cli(const std::string& script) {
    return run({kPhpCli, "-n", "-d", "zend_extension=opcache.so", "-d", "opcache.enable_cli=1", "-d",
                "opcache.file_update_protection=0", "-d", "opcache.lockfile_path=" + folder(), script},
               interposed(), folder());
  }

  FpmOptions options(const std::string& ini = "opcache.file_update_protection=0\n") {
    FpmOptions all;
    all.ini = ini;
    all.environment = interposed();
    all.environment["ASSAY_DIE_WITH_PARENT"] = "1";
    return all;
  }

  // File times belong into the frame of the virtual clock: the kernel's have the machine's.
  static void set_modified(const std::string& file, std::chrono::nanoseconds when) {
    const std::int64_t ns = when.count();
    const timespec time = {ns / 1'000'000'000, ns % 1'000'000'000};
    const timespec both[2] = {time, time};
    ASSERT_EQ(utimensat(AT_FDCWD, file.c_str(), both, 0), 0);
  }

  std::string path(const std::string& name) const { return folder() + "/" + name; }
};

TEST_F(InterposedPhp, TheLocksOfOpcacheAreSeen) {
  EXPECT_EQ(cli("driver.php").output, "old true");
  EXPECT_GE(block().counter(kSetlkw).reached, 1u) << "the interposer is not in the path of opcache.so";
  EXPECT_GE(block().counter("posix/lock/fcntl/acquired").reached, 1u);
  EXPECT_GE(block().counter("posix/mm/mmap/shared").reached, 1u);
}

TEST_F(InterposedPhp, RetriesAnInterruptedLock) {
  arm({points::fail(kSetlkw, EINTR, points::from(1).at_most(3))});
  EXPECT_EQ(cli("driver.php").output, "old true");
  EXPECT_EQ(block().plan_status().at(0).fired, 3u);
  const auto evidence = block().evidence();
  ASSERT_EQ(evidence.records.size(), 3u);
  EXPECT_EQ(evidence.records[2].error, EINTR);
  EXPECT_EQ(evidence.records[2].occurrence, 3u);
}

TEST_F(InterposedPhp, AbortsTheRequestOnAnyOtherLockError) {
  Fpm fpm(folder(), options());
  FpmConnection worker = fpm.connect();
  const std::string pid = worker.get(path("pid.php"));
  arm({points::fail(kSetlkw, ENOLCK)});
  EXPECT_EQ(worker.get(path("driver.php")), "");
  EXPECT_EQ(block().plan_status().at(0).fired, 1u);
  EXPECT_EQ(worker.get(path("driver.php")), "old true");
  EXPECT_EQ(worker.get(path("pid.php")), pid) << "the worker did not survive";
}

TEST_F(InterposedPhp, OneWorkerOfSeveralIsHit) {
  FpmOptions two = options();
  two.workers = 2;
  Fpm fpm(folder(), two);
  FpmConnection first = fpm.connect();
  FpmConnection second = fpm.connect();
  const std::string first_pid = first.get(path("pid.php"));
  ASSERT_NE(first_pid, second.get(path("pid.php")));
  ASSERT_TRUE(block().name_worker(1, std::stoi(first_pid)));
  block().set_operation(1, "include value.php");
  arm({points::kill_at(kSetlkw, points::always()).for_worker(1)});
  EXPECT_EQ(second.get(path("driver.php")), "old true");
  write_file(path("other.php"), "<?php return 1;");
  EXPECT_THROW(first.get(path("other.php")), std::runtime_error);
  const auto evidence = block().evidence();
  ASSERT_EQ(evidence.records.size(), 1u);
  EXPECT_EQ(evidence.records[0].pid, std::stoi(first_pid));
  EXPECT_EQ(evidence.records[0].worker, 1);
  EXPECT_EQ(evidence.records[0].operation, "include value.php");
}

TEST_F(InterposedPhp, AWriterIsHeldWithItsLockAndReadersPass) {
  FpmOptions two = options();
  two.workers = 2;
  Fpm fpm(folder(), two);
  FpmConnection reader = fpm.connect();
  const pid_t reader_pid = std::stoi(reader.get(path("pid.php")));
  EXPECT_EQ(reader.get(path("driver.php")), "old true");
  write_file(path("slow.php"), "<?php echo 'stored';");
  arm({points::pause_at("posix/lock/fcntl/acquired")});
  std::string answer;
  std::thread writer([&] { answer = fpm.connect().get(path("slow.php")); });
  const auto held = block().wait_held("*", points::kAnyWorker, seconds(5));
  EXPECT_TRUE(held && held->pid != reader_pid);
  EXPECT_EQ(reader.get(path("driver.php")), "old true");
  block().release();
  writer.join();
  EXPECT_EQ(answer, "stored");
}

TEST_F(InterposedPhp, RevalidationMovesWithTheVirtualClock) {
  block().freeze_clock();
  block().advance_clock(std::chrono::hours(1));
  Fpm fpm(folder(), options("opcache.file_update_protection=0\nopcache.revalidate_freq=2\n"));
  FpmConnection worker = fpm.connect();
  EXPECT_EQ(worker.get(path("driver.php")), "old true");
  write_file(path("value.php"), "<?php return 'newer';");
  set_modified(path("value.php"), block().realtime());
  EXPECT_EQ(worker.get(path("driver.php")), "old true");
  block().advance_clock(seconds(2));
  EXPECT_EQ(worker.get(path("driver.php")), "old true") << "at the limit it is not yet looked at";
  block().advance_clock(seconds(1));
  EXPECT_EQ(worker.get(path("driver.php")), "newer true");
}

TEST_F(InterposedPhp, ApcuExpiresWithTheMonotonicClock) {
  const Outcome modules = run({kPhpCli, "-n", "-d", "extension=apcu.so", "-m"}, {}, folder());
  if (modules.output.find("apcu") == std::string::npos) GTEST_SKIP() << "php8.2-apcu is not installed";
  block().freeze_clock();
  write_file(path("store.php"), "<?php apcu_store('k', 1, 30); echo 'stored';");
  write_file(path("fetch.php"), "<?php echo var_export(apcu_fetch('k'), true);");
  FpmOptions apcu = options("apc.enabled=1\napc.use_request_time=0\n");
  apcu.extensions = {"extension=apcu.so"};
  Fpm fpm(folder(), apcu);
  FpmConnection worker = fpm.connect();
  EXPECT_EQ(worker.get(path("store.php")), "stored");
  block().advance_clock(seconds(29));
  EXPECT_EQ(worker.get(path("fetch.php")), "1");
  block().advance_clock(seconds(2));
  EXPECT_EQ(worker.get(path("fetch.php")), "false");
}

TEST_F(InterposedPhp, NoWorkerSurvivesAKilledMaster) {
  Fpm fpm(folder(), options());
  const pid_t worker = std::stoi(fpm.connect().get(path("pid.php")));
  fpm.process().signal(SIGKILL);
  fpm.process().wait();
  bool gone = false;
  for (int i = 0; i < 400 && !gone; ++i) {
    usleep(5000);
    const std::string state = read_file("/proc/" + std::to_string(worker) + "/stat");
    gone = state.empty() || state.find(") Z ") != std::string::npos;
  }
  EXPECT_TRUE(gone) << "worker " << worker << " lives on (it changed its user after the fork)";
}

}  // namespace
}  // namespace assay::interposer_tests
