#include "conformance/adapters/php/php_runtime.h"

#include <gmock/gmock-matchers.h>
#include <gmock/gmock-more-matchers.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <set>
#include <thread>

#include "conformance/adapters/php/process_state.h"
#include "conformance/tests/adapters/php/php_fixture.h"
#include "conformance/tests/crowded_processor.h"

namespace assay::conformance::php {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using namespace std::chrono_literals;

class PhpRuntimeTest : public PhpFixture {};

TEST_F(PhpRuntimeTest, ClockStandsStillAndMoves) {
  start();
  write("old.php", "<?php return 'old';");
  EXPECT_EQ(request(0, {include("@/old.php")}).replies[0].value, Value("old"));
  write("old.php", "<?php return 'new';", 900);
  control_->advance_clock(2s);
  EXPECT_EQ(request(0, {include("@/old.php")}).replies[0].value, Value("old"));
  control_->advance_clock(1s);
  const auto outcome =
      request(0, {include("@/old.php"), make_operation(K::time, {}), make_operation(K::request_time, {})});
  EXPECT_EQ(outcome.replies[0].value, Value("new"));
  EXPECT_EQ(outcome.replies[1].value, Value(clock_start + 3));
  EXPECT_EQ(outcome.replies[2].value, Value(clock_start + 3));
}

TEST_F(PhpRuntimeTest, DirectivesOfRuntimeAndPool) {
  Configuration configuration = two_workers();
  configuration.ini = {{"opcache.revalidate_freq", "7"}, {"include_path", ".:@/lib"}};
  configuration.pools[1].ini = {{"opcache.revalidate_freq", "9"}, {"realpath_cache_ttl", "33"}};
  start(configuration);
  EXPECT_EQ(ask(K::ini_get, {{"name", "opcache.revalidate_freq"}}).value, Value("7"));
  EXPECT_EQ(ask(K::ini_get, {{"name", "include_path"}}).value, Value(".:@/lib"));
  EXPECT_EQ(ask(K::ini_get, {{"name", "opcache.revalidate_freq"}}, 1).value, Value("9"));
  EXPECT_EQ(ask(K::ini_get, {{"name", "realpath_cache_ttl"}}, 1).value, Value("33"));
}

TEST_F(PhpRuntimeTest, WorkersKeepTheirProcessAndTheirNumber) {
  Configuration configuration;
  configuration.pools = {Pool{}, Pool{3, {}}};
  start(configuration);
  std::set<pid_t> pids;
  for (int worker = 0; worker < 4; ++worker) {
    const auto pid = runtime_->worker(worker).process();
    ASSERT_TRUE(pid);
    pids.insert(*pid);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(ask(K::process_id, {}, worker).value, Value(static_cast<std::int64_t>(*pid)));
  }
  EXPECT_EQ(pids.size(), 4u);
  for (int worker : {0, 2}) {
    const auto old = runtime_->worker(worker).process();
    const auto replaced = runtime_->replace(worker);
    ASSERT_TRUE(replaced) << replaced.error().message;
    const auto fresh = runtime_->worker(worker).process();
    ASSERT_TRUE(fresh);
    EXPECT_NE(fresh, old);
    EXPECT_EQ(ask(K::process_id, {}, worker).value, Value(static_cast<std::int64_t>(*fresh)));
  }
  const auto reloaded = runtime_->reload();
  ASSERT_TRUE(reloaded) << reloaded.error().message;
  for (int worker = 0; worker < 4; ++worker) {
    const auto pid = runtime_->worker(worker).process();
    ASSERT_TRUE(pid);
    EXPECT_FALSE(pids.contains(*pid));
    EXPECT_EQ(ask(K::process_id, {}, worker).value, Value(static_cast<std::int64_t>(*pid)));
  }
}

TEST_F(PhpRuntimeTest, KilledInsideARequest) {
  start(two_workers());
  write("busy.php", "<?php while (true) usleep(100);");
  Outcome outcome;
  std::thread background([&] { outcome = request(0, {include("@/busy.php")}); });
  std::this_thread::sleep_for(100ms);
  EXPECT_EQ(ask(K::time, {}, 1).value, Value(clock_start));
  kill(*runtime_->worker(0).process(), SIGKILL);
  background.join();
  EXPECT_EQ(outcome.kind, Outcome::Kind::died);
  EXPECT_THAT(outcome.detail, HasSubstr("signal 9"));
  EXPECT_EQ(outcome.replies[0].kind, Reply::Kind::not_run);
  ASSERT_TRUE(runtime_->replace(0));
  EXPECT_EQ(ask(K::time).value, Value(clock_start));
}

TEST_F(PhpRuntimeTest, KilledBetweenRequestsIsNoStatementAboutTheNext) {
  start();
  ask(K::time);
  const pid_t old = *runtime_->worker(0).process();
  kill(old, SIGKILL);
  while (read_process_state(old) && read_process_state(old)->is_running()) std::this_thread::sleep_for(1ms);
  EXPECT_EQ(ask(K::time).value, Value(clock_start));
  EXPECT_NE(runtime_->worker(0).process(), old);
}

TEST_F(PhpRuntimeTest, HangIsToldWithTheStateOfTheWorker) {
  start();
  write("sleep.php", "<?php sleep(30);");
  write("spin.php", "<?php while (true);");
  auto outcome = request(0, {include("@/sleep.php")}, 50ms);
  EXPECT_EQ(outcome.kind, Outcome::Kind::hung);
  EXPECT_THAT(outcome.detail, HasSubstr("nanosleep"));
  EXPECT_THAT(outcome.detail, HasSubstr("waiting"));
  ASSERT_TRUE(runtime_->replace(0));
  outcome = request(0, {include("@/spin.php")}, 50ms);
  EXPECT_EQ(outcome.kind, Outcome::Kind::hung);
  EXPECT_THAT(outcome.detail, HasSubstr("process"));
  ASSERT_TRUE(runtime_->replace(0));
  EXPECT_EQ(ask(K::time).value, Value(clock_start));
}

TEST_F(PhpRuntimeTest, AWorkerThatWaitsForAProcessorDoesNotHang) {
  start();
  write("work.php", "<?php for ($i = 0; $i < 3000000; ++$i) $x = md5((string) $i); return 1;");
  const CrowdedProcessor crowded;
  crowded.put(*runtime_->worker(0).process());
  const auto outcome = request(0, {include("@/work.php")}, 2s);
  EXPECT_EQ(outcome.kind, Outcome::Kind::completed) << outcome.detail;
  EXPECT_GT(outcome.ended - outcome.began, 2s) << "else this shows nothing";
}

TEST_F(PhpRuntimeTest, FaultsReachTheWorkerByItsNumber) {
  start(two_workers());
  write("a.php", "<?php return 1;");
  write("b.php", "<?php return 2;");
  ASSERT_TRUE(control_->arm({points::kill_at("posix/lock/fcntl/setlkw", points::once(1)).for_worker(1)}));
  EXPECT_EQ(request(0, {include("@/a.php")}).kind, Outcome::Kind::completed);
  EXPECT_EQ(request(1, {include("@/b.php")}).kind, Outcome::Kind::died);
  const auto evidence = control_->evidence();
  ASSERT_EQ(evidence.records.size(), 1u);
  EXPECT_EQ(evidence.records[0].worker, 1);
  EXPECT_EQ(evidence.records[0].operation, "include");
  control_->disarm();
  ASSERT_TRUE(runtime_->replace(1));
  EXPECT_EQ(request(1, {include("@/b.php")}).replies[0].value, Value(2));
}

TEST_F(PhpRuntimeTest, ADriverThatAFaultKeepsAwayIsARequestThatEndedEarly) {
  start();
  ASSERT_TRUE(control_->arm({*points::parse_fault("posix/io/stat/* fail:ENOENT from:1")}));
  const Outcome refused = request(0, {make_operation(OperationKind::time, {})});
  control_->disarm();
  EXPECT_EQ(refused.kind, Outcome::Kind::aborted);
  EXPECT_NE(refused.detail.find("status 404"), std::string::npos) << refused.detail;
  EXPECT_EQ(request(0, {make_operation(OperationKind::time, {})}).kind, Outcome::Kind::completed);
}

TEST_F(PhpRuntimeTest, DestructionLeavesNothing) {
  start(two_workers());
  const pid_t pid = *runtime_->worker(0).process();
  const pid_t group = read_process_state(pid)->group;
  EXPECT_FALSE(processes_of_group(group).empty());
  runtime_.reset();
  EXPECT_THAT(processes_of_group(group), IsEmpty());
  for (const auto& entry : std::filesystem::directory_iterator(sandbox_.scratch)) {
    EXPECT_FALSE(std::filesystem::is_socket(entry.path())) << entry.path();
  }
}

TEST_F(PhpRuntimeTest, StartThatFailsTellsTheTargetsOwnWords) {
  Configuration configuration;
  configuration.ini = {{"opcache.memory_consumption", "200000000"}};
  const auto runtime = (*target_of(kind_))->start(configuration, sandbox_);
  ASSERT_FALSE(runtime);
  EXPECT_THAT(runtime.error().message, HasSubstr("status 254"));
  EXPECT_THAT(runtime.error().message, HasSubstr("Unable to allocate shared memory segment"));
}

}  // namespace
}  // namespace assay::conformance::php
