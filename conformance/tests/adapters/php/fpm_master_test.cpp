#include "conformance/adapters/php/fpm_master.h"

#include <gmock/gmock-matchers.h>
#include <gmock/gmock-more-matchers.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <set>
#include <thread>

#include "conformance/adapters/php/php_binary.h"
#include "conformance/adapters/php/process_state.h"
#include "conformance/tests/test_folder.h"

namespace assay::conformance::php {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using namespace std::chrono_literals;

class FpmMasterTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto path = find_php_fpm();
    if (!path) GTEST_SKIP() << path.error().message();
    const auto binary = inspect_php_binary(*path, {});
    if (!binary) GTEST_SKIP() << binary.error().message();
    configuration_.binary = binary->path;
    configuration_.load_opcache = !binary->opcache_built_in;
    configuration_.folder = folder_.path();
    configuration_.pools = {{.name = "w0"}, {.name = "w1"}};
  }

  void start() {
    auto master = FpmMaster::start(configuration_, 5s);
    ASSERT_TRUE(master) << master.error().message();
    master_ = std::move(*master);
  }

  // Not counting the dead that wait to be reaped.
  static std::vector<pid_t> running_in(pid_t group) {
    std::vector<pid_t> pids;
    for (const ProcessState& process : processes_of_group(group)) {
      if (process.is_running()) pids.push_back(process.pid);
    }
    return pids;
  }

  std::string run(FastcgiClient& client, const std::string& script) {
    const std::string file = scripts_.write("script.php", "<?php " + script);
    FastcgiParameters parameters(
        {{"REQUEST_METHOD", "GET"}, {"SCRIPT_FILENAME", file}, {"SCRIPT_NAME", "/script.php"}});
    auto reply = client.execute(parameters, "", Deadline::after(5s));
    return reply ? std::string(reply->body) : reply.error().message();
  }
  std::string run(const std::string& pool, const std::string& script) {
    auto client = master_->connect(pool);
    return client ? run(*client, script) : client.error().message();
  }

  std::vector<std::string> files_left() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path()))
      names.push_back(entry.path().filename());
    return names;
  }

  TestFolder folder_;
  TestFolder scripts_;
  FpmConfiguration configuration_;
  std::unique_ptr<FpmMaster> master_;
};

TEST_F(FpmMasterTest, OneWorkerForEachPoolOverOneCache) {
  start();
  const auto workers = master_->workers();
  ASSERT_EQ(workers.size(), 2u);
  for (const std::string pool : {"w0", "w1"}) {
    auto client = master_->connect(pool);
    ASSERT_TRUE(client);
    const std::string pid = std::to_string(master_->worker_of(pool).value());
    for (int i = 0; i < 3; ++i) EXPECT_EQ(run(*client, "echo getmypid();"), pid);
    EXPECT_EQ(read_process_state(master_->worker_of(pool).value())->group, master_->group());
  }
  const std::string hits = "echo opcache_get_status(false)['opcache_statistics']['num_cached_scripts'];";
  EXPECT_EQ(run("w0", hits), run("w1", hits));
}

TEST_F(FpmMasterTest, StartTouchesNoCache) {
  start();
  EXPECT_EQ(run("w1",
                "$s = opcache_get_status(false)['opcache_statistics'];"
                "echo $s['hits'], ' ', $s['misses'], ' ', $s['num_cached_scripts'];"),
            "0 1 0");  // The miss is this script.
}

TEST_F(FpmMasterTest, PoolOfSeveralWorkers) {
  configuration_.pools = {{.name = "many", .children = 3}};
  start();
  std::set<std::string> pids;
  std::vector<FastcgiClient> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(std::move(*master_->connect("many")));
    pids.insert(run(clients.back(), "echo getmypid();"));
  }
  EXPECT_EQ(pids.size(), 3u);
  EXPECT_EQ(master_->workers().size(), 3u);
}

TEST_F(FpmMasterTest, IniOfAllLevelsArrivesByteForByte) {
  configuration_.ini = {{"opcache.memory_consumption", "16"},
                        {"user_agent", "it's \"q\" ${HOME} \\ ;=$x"},
                        {"error_reporting", "E_ERROR"}};
  configuration_.pools[0].values = {{"arg_separator.output", "'a' ${b};"}, {"precision", "11"}, {"user_agent", ""}};
  configuration_.pools[0].admin_values = {{"serialize_precision", "9"}};
  start();
  EXPECT_EQ(run("w0", "echo ini_get('opcache.memory_consumption');"), "16");
  EXPECT_EQ(run("w0", "echo ini_get('user_agent');"), "");
  EXPECT_EQ(run("w1", "echo ini_get('user_agent');"), "it's \"q\" ${HOME} \\ ;=$x");
  EXPECT_EQ(run("w0", "echo ini_get('error_reporting');"), "1");
  EXPECT_EQ(run("w0", "echo ini_get('arg_separator.output');"), "'a' ${b};");
  EXPECT_EQ(run("w0", "ini_set('precision', '12'); echo ini_get('precision');"), "12");
  EXPECT_EQ(run("w0", "ini_set('serialize_precision', '12'); echo ini_get('serialize_precision');"), "9");
  EXPECT_NE(run("w1", "echo ini_get('precision');"), "11");
}

TEST_F(FpmMasterTest, EnvironmentIsOnlyWhatWasGiven) {
  setenv("ASSAY_TEST_OF_THE_SUITE", "leaks", 1);
  configuration_.environment = {{"ASSAY_GIVEN", "a value"}};
  start();
  EXPECT_EQ(run("w0", "echo getenv('ASSAY_GIVEN'), '|', getenv('ASSAY_TEST_OF_THE_SUITE'), '|', getenv('TZ');"),
            "a value||UTC");
}

TEST_F(FpmMasterTest, KilledWorkerIsReplacedUnderItsName) {
  start();
  auto client = master_->connect("w0");
  run(*client, "");
  const pid_t old_pid = master_->worker_of("w0").value();
  const pid_t other = master_->worker_of("w1").value();
  ASSERT_TRUE(master_->kill_worker(old_pid, Deadline::after(2s)));
  FastcgiParameters parameters(FastcgiParameters::List{{"REQUEST_METHOD", "GET"}});
  EXPECT_EQ(client->execute(parameters, "", Deadline::after(2s)).error().kind, Failure::Kind::worker_died);
  ASSERT_TRUE(master_->await_respawn("w0", old_pid, Deadline::after(2s)));
  EXPECT_NE(master_->worker_of("w0").value(), old_pid);
  EXPECT_EQ(master_->worker_of("w1").value(), other);
  EXPECT_EQ(run("w0", "echo getmypid();"), std::to_string(master_->worker_of("w0").value()));
  EXPECT_THAT(master_->log_tail(), HasSubstr("exited on signal 9"));
}

TEST_F(FpmMasterTest, DeathDuringRequestIsSeenAtOnce) {
  start();
  auto client = master_->connect("w0");
  const std::string file = scripts_.write("slow.php", "<?php sleep(20);");
  FastcgiParameters parameters({{"REQUEST_METHOD", "GET"}, {"SCRIPT_FILENAME", file}});
  ASSERT_TRUE(client->send(parameters, ""));
  EXPECT_EQ(client->receive(Deadline::after(50ms)).error().kind, Failure::Kind::timed_out);
  const pid_t pid = master_->worker_of("w0").value();
  EXPECT_THAT(read_process_state(pid)->describe(), HasSubstr("nanosleep"));
  ASSERT_TRUE(master_->kill_worker(pid, Deadline::after(2s)));
  EXPECT_EQ(client->receive(Deadline::after(2s)).error().kind, Failure::Kind::worker_died);
}

TEST_F(FpmMasterTest, SignalsOnlyItsOwnWorkers) {
  start();
  EXPECT_EQ(master_->signal_worker(getpid(), 0).error().kind, Failure::Kind::unusable);
  EXPECT_EQ(master_->signal_worker(master_->pid(), 0).error().kind, Failure::Kind::unusable);
  EXPECT_TRUE(master_->signal_worker(master_->worker_of("w0").value(), 0));
}

TEST_F(FpmMasterTest, ReloadMakesAllAnewEvenWithOpenConnections) {
  start();
  const std::string cached = "echo opcache_get_status(false)['opcache_statistics']['hits'];";
  auto client = master_->connect("w0");
  for (int i = 0; i < 3; ++i) run(*client, cached);
  const auto before = master_->workers();
  const pid_t master_pid = master_->pid();
  const auto reloaded = master_->reload(Deadline::after(5s));
  ASSERT_TRUE(reloaded) << reloaded.error().message();
  EXPECT_EQ(master_->pid(), master_pid);
  for (const auto& worker : master_->workers()) {
    for (const auto& old : before) EXPECT_NE(worker.pid, old.pid);
  }
  EXPECT_EQ(run("w0", cached), "0");
}

TEST_F(FpmMasterTest, LogsAreCollected) {
  configuration_.ini = {{"opcache.log_verbosity_level", "4"}};
  start();
  run("w0", "opcache_reset();");
  run("w0", "error_log('to the log'); file_put_contents('php://stderr', \"to standard error\\n\");");
  EXPECT_THAT(master_->log_tail(), HasSubstr("to the log"));
  EXPECT_THAT(master_->log_tail(), HasSubstr("opcache.log:\n"));
  EXPECT_THAT(master_->log_tail(), HasSubstr("ready to handle connections"));
}

TEST_F(FpmMasterTest, StopLeavesNothing) {
  start();
  const pid_t group = master_->group();
  const auto workers = master_->workers();
  ASSERT_TRUE(master_->stop(2s));
  EXPECT_FALSE(master_->is_alive());
  EXPECT_THAT(processes_of_group(group), IsEmpty());
  for (const auto& worker : workers) EXPECT_FALSE(read_process_state(worker.pid));
  EXPECT_TRUE(master_->stop(2s));  // Once more does no harm.
  master_.reset();
  EXPECT_THAT(files_left(), IsEmpty());
}

TEST_F(FpmMasterTest, StopEndsStoppedAndBusyWorkers) {
  start();
  const pid_t group = master_->group();
  auto client = master_->connect("w1");
  const std::string file = scripts_.write("busy.php", "<?php while (true);");
  FastcgiParameters parameters({{"REQUEST_METHOD", "GET"}, {"SCRIPT_FILENAME", file}});
  ASSERT_TRUE(client->send(parameters, ""));
  ASSERT_TRUE(master_->signal_worker(master_->worker_of("w0").value(), SIGSTOP));
  ASSERT_TRUE(master_->stop(100ms));
  EXPECT_THAT(processes_of_group(group), IsEmpty());
}

TEST_F(FpmMasterTest, DestructionKillsWorkersOfDeadMaster) {
  start();
  const pid_t group = master_->group();
  kill(master_->pid(), SIGKILL);
  while (master_->is_alive()) std::this_thread::sleep_for(1ms);
  EXPECT_THAT(master_->workers(), IsEmpty());
  EXPECT_FALSE(master_->reload(Deadline::after(1s)));
  master_.reset();
  EXPECT_THAT(running_in(group), IsEmpty());
  EXPECT_THAT(files_left(), IsEmpty());
}

TEST_F(FpmMasterTest, NothingIsLeftWhenTheSuiteIsKilled) {
  const std::string inner = folder_.path() + "/inner";
  std::filesystem::create_directory(inner);
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t suite = fork();
  if (suite == 0) {
    configuration_.folder = inner;
    auto master = FpmMaster::start(configuration_, 5s, true);
    const pid_t group = master ? (*master)->group() : -1;
    (void)!write(ends[1], &group, sizeof group);
    for (;;) pause();
  }
  pid_t group = 0;
  ASSERT_EQ(read(ends[0], &group, sizeof group), static_cast<ssize_t>(sizeof group));
  ASSERT_GT(group, 0);
  EXPECT_EQ(processes_of_group(group).size(), 3u);
  kill(suite, SIGKILL);
  waitpid(suite, nullptr, 0);
  const Deadline deadline = Deadline::after(5s);
  while ((!running_in(group).empty() || std::filesystem::exists(inner)) && !deadline.passed())
    std::this_thread::sleep_for(2ms);
  EXPECT_THAT(running_in(group), IsEmpty());
  EXPECT_FALSE(std::filesystem::exists(inner));
  close(ends[0]);
  close(ends[1]);
}

TEST_F(FpmMasterTest, FailedStartShowsTheLog) {
  configuration_.ini = {{"zend_extension", "no_such_extension"}};
  configuration_.pools[0].values = {{"no.such", "x"}};
  configuration_.extensions = {"apcu_is_not_called_this"};
  configuration_.ini = {
      {"error_log", ""}, {"opcache.preload", "/nonexistent/preload.php"}, {"opcache.preload_user", "nobody"}};
  const auto master = FpmMaster::start(configuration_, 5s);
  ASSERT_FALSE(master);
  EXPECT_EQ(master.error().kind, Failure::Kind::ended_at_start);
  EXPECT_THAT(master.error().message(), HasSubstr("/nonexistent/preload.php"));
  EXPECT_THAT(files_left(), IsEmpty());
}

TEST_F(FpmMasterTest, BinaryThatDiesOrHangsAtStart) {
  configuration_.binary = scripts_.write_program("dies", "#!/bin/sh\necho 'out of luck' >&2\nexit 7\n");
  auto master = FpmMaster::start(configuration_, 5s);
  ASSERT_FALSE(master);
  EXPECT_THAT(master.error().message(), HasSubstr("status 7"));
  EXPECT_THAT(master.error().message(), HasSubstr("out of luck"));
  configuration_.binary = scripts_.write_program("hangs", "#!/bin/sh\nsleep 30\n");
  master = FpmMaster::start(configuration_, 100ms);
  ASSERT_FALSE(master);
  EXPECT_THAT(master.error().message(), HasSubstr("time limit"));
  EXPECT_THAT(files_left(), IsEmpty());
}

TEST_F(FpmMasterTest, RefusesUnusableConfigurations) {
  const auto why = [&](auto change) {
    FpmConfiguration configuration = configuration_;
    change(configuration);
    const auto master = FpmMaster::start(configuration, 1s);
    return master ? std::string("started") : master.error().message();
  };
  EXPECT_THAT(why([](auto& c) { c.pools.clear(); }), HasSubstr("at least one pool"));
  EXPECT_THAT(why([](auto& c) { c.pools[1].name = "w0"; }), HasSubstr("two pools"));
  EXPECT_THAT(why([](auto& c) { c.pools[0].name = "a b"; }), HasSubstr("a b: this cannot name a pool"));
  EXPECT_THAT(why([](auto& c) { c.pools[0].name = "global"; }), HasSubstr("cannot name a pool"));
  EXPECT_THAT(why([](auto& c) { c.pools[0].children = 0; }), HasSubstr("at least one worker"));
  EXPECT_THAT(why([](auto& c) { c.folder += std::string(100, 'x'); }), HasSubstr("too long for a socket"));
  EXPECT_THAT(why([](auto& c) { c.folder += "/missing"; }), HasSubstr("cannot write"));
  EXPECT_THAT(why([](auto& c) { c.ini = {{"a", "1\n2"}}; }), HasSubstr("line break"));
  EXPECT_THAT(why([](auto& c) { c.ini = {{"a b", "1"}}; }), HasSubstr("not the name of an INI directive"));
}

}  // namespace
}  // namespace assay::conformance::php
