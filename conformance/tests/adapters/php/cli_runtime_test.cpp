#include "conformance/adapters/php/cli_runtime.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <thread>

#include "conformance/adapters/php/process_state.h"
#include "conformance/tests/adapters/php/php_fixture.h"

namespace assay::conformance::php {
namespace {

using ::testing::HasSubstr;
using namespace std::chrono_literals;

class CliRuntimeTest : public PhpFixture {
 protected:
  CliRuntimeTest() : PhpFixture("php-cli") {}
};

TEST_F(CliRuntimeTest, OneProcessServesRequestAfterRequestOnTheVirtualClock) {
  start();
  write("old.php", "<?php return 'old';");
  EXPECT_EQ(request(0, {include("@/old.php")}).replies[0].value, Value("old"));
  write("old.php", "<?php return 'new';", 900);
  const auto cached = request(0, {include("@/old.php"), make_operation(K::process_id, {})});
  EXPECT_EQ(cached.replies[0].value, Value("old")) << "the script cache outlives a request";
  EXPECT_EQ(cached.replies[1].value, Value(static_cast<std::int64_t>(*runtime_->worker(0).process())));
  control_->advance_clock(3s);
  const auto later = request(0, {include("@/old.php"), make_operation(K::request_time, {})});
  EXPECT_EQ(later.replies[0].value, Value("new"));
  EXPECT_EQ(later.replies[1].value, Value(clock_start + 3));
}

TEST_F(CliRuntimeTest, DirectivesOfThePoolHoldForTheProcess) {
  Configuration configuration;
  configuration.ini = {{"opcache.revalidate_freq", "7"}, {"realpath_cache_ttl", "5"}};
  configuration.pools[0].ini = {{"opcache.revalidate_freq", "9"}};
  start(configuration);
  EXPECT_EQ(ask(K::ini_get, {{"name", "opcache.revalidate_freq"}}).value, Value("9"));
  EXPECT_EQ(ask(K::ini_get, {{"name", "realpath_cache_ttl"}}).value, Value("5"));
}

TEST_F(CliRuntimeTest, IsNotStartedWithASecondWorker) {
  const auto runtime = (*target_of("php-cli"))->start(two_workers(), sandbox_);
  ASSERT_FALSE(runtime);
  EXPECT_THAT(runtime.error().message, HasSubstr("php-cli is one process, and 2 workers are asked for"));
}

TEST_F(CliRuntimeTest, TellsADeathAndItsSignal) {
  start();
  write("busy.php", "<?php while (true) usleep(100);");
  Outcome outcome;
  std::thread background([&] { outcome = request(0, {include("@/busy.php")}); });
  std::this_thread::sleep_for(100ms);
  kill(*runtime_->worker(0).process(), SIGKILL);
  background.join();
  EXPECT_EQ(outcome.kind, Outcome::Kind::died);
  EXPECT_THAT(outcome.detail, HasSubstr("signal 9"));
  EXPECT_EQ(request(0, {make_operation(K::time, {})}).kind, Outcome::Kind::died)
      << "it stays dead until it is replaced";
  const auto replaced = runtime_->replace(0);
  ASSERT_TRUE(replaced) << replaced.error().message;
  EXPECT_EQ(ask(K::time).value, Value(clock_start));
}

TEST_F(CliRuntimeTest, AnAnswerThatIsCutOffByADeathIsADeath) {
  start();
  write("half.php",
        "<?php ob_end_flush(); echo str_repeat('x', 100000); flush(); shell_exec('kill -11 ' . getmypid()); while "
        "(true);");
  const auto outcome = request(0, {include("@/half.php")});
  EXPECT_EQ(outcome.kind, Outcome::Kind::died) << outcome.detail;
  EXPECT_THAT(outcome.detail, HasSubstr("signal 11"));
}

TEST_F(CliRuntimeTest, HangIsToldWithTheStateOfTheProcess) {
  start();
  write("sleep.php", "<?php sleep(30);");
  const auto outcome = request(0, {include("@/sleep.php")}, 50ms);
  EXPECT_EQ(outcome.kind, Outcome::Kind::hung);
  EXPECT_THAT(outcome.detail, HasSubstr("nanosleep"));
  ASSERT_TRUE(runtime_->replace(0));
  EXPECT_EQ(ask(K::time).value, Value(clock_start));
}

TEST_F(CliRuntimeTest, ExitEndsTheRequestAndNotTheProcess) {
  start();
  write("exit.php", "<?php exit(3);");
  EXPECT_EQ(request(0, {include("@/exit.php")}).kind, Outcome::Kind::aborted);
  EXPECT_EQ(ask(K::time).value, Value(clock_start));
}

TEST_F(CliRuntimeTest, AReloadBeginsWithEmptyMemory) {
  start();
  write("a.php", "<?php return 1;");
  const auto cached = [&] {
    return number(ask(K::script_status).value, {Key("opcache_statistics"), Key("num_cached_scripts")});
  };
  ask(K::include, {{"path", "@/a.php"}});
  EXPECT_EQ(cached(), 1);
  const pid_t old = *runtime_->worker(0).process();
  ASSERT_TRUE(runtime_->reload());
  EXPECT_EQ(cached(), 0);
  EXPECT_NE(runtime_->worker(0).process(), old);
}

TEST_F(CliRuntimeTest, LeavesNoProcess) {
  start();
  const pid_t pid = *runtime_->worker(0).process();
  runtime_.reset();
  EXPECT_FALSE(read_process_state(pid));
}

}  // namespace
}  // namespace assay::conformance::php
