#include "conformance/adapters/php/php_target.h"

#include <dlfcn.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <exception>
#include <filesystem>
#include <thread>

#include "conformance/adapters/php/php_runtime.h"
#include "conformance/adapters/php/process_state.h"
#include "conformance/execution/world.h"
#include "conformance/tests/adapters/php/temporary_folder.h"

namespace assay::conformance::php {
namespace {

using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using namespace std::chrono_literals;
using K = OperationKind;

// One target of each kind for all tests: making one inspects the program.
Expected<std::unique_ptr<Target>>& target_of(const std::string& kind) {
  static std::map<std::string, Expected<std::unique_ptr<Target>>> targets;
  auto found = targets.find(kind);
  if (found == targets.end()) {
    found = targets.emplace(kind, (kind == "apcu" ? apcu_target_kind() : fpm_target_kind()).make({})).first;
  }
  return found->second;
}

class PhpTargetTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(sandbox_.root);
    std::filesystem::create_directories(sandbox_.scratch);
    auto control = points::ControlBlock::create(sandbox_.control.string());
    ASSERT_TRUE(control) << control.error().message;
    control_.emplace(std::move(*control));
    control_->set_clock(std::chrono::seconds(clock_start), std::chrono::seconds(clock_start));
  }

  void start(const std::string& kind = "php-fpm", const Configuration& configuration = {}) {
    auto& target = target_of(kind);
    if (!target) GTEST_SKIP() << target.error().message;
    auto runtime = (*target)->start(configuration, sandbox_);
    ASSERT_TRUE(runtime) << runtime.error().message;
    runtime_ = std::move(*runtime);
  }

  static Configuration two_workers() {
    Configuration configuration;
    configuration.pools = {Pool{}, Pool{}};
    return configuration;
  }

  Outcome request(int worker, const std::vector<Operation>& operations, std::chrono::milliseconds limit = 5s) {
    std::vector<Exchange> exchanges;
    for (const Operation& operation : operations) exchanges.push_back({operation, "", {}});
    auto outcome = runtime_->worker(worker).execute(exchanges, limit);
    EXPECT_TRUE(outcome) << outcome.error().message;
    return outcome ? *outcome : Outcome{};
  }
  Reply ask(K kind, std::initializer_list<std::pair<const char*, Value>> arguments = {}, int worker = 0) {
    auto outcome = request(worker, {make_operation(kind, arguments)});
    EXPECT_EQ(outcome.kind, Outcome::Kind::completed) << outcome.detail;
    return outcome.replies.empty() ? Reply::not_run() : outcome.replies[0];
  }

  void write(const std::string& path, const std::string& content, std::int64_t age = 1000) {
    const auto file = sandbox_.root / path;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << content;
    ASSERT_TRUE(set_file_time(file, clock_start - age));
  }

  static Operation include(const std::string& path) { return make_operation(K::include, {{"path", path}}); }
  static std::int64_t number(const Value& value, const Path& path) {
    const Value* found = value.at(path);
    return found && found->is_int() ? found->as_int() : -1;
  }

  TemporaryFolder folder_;
  Sandbox sandbox_{folder_.path() + "/tree", folder_.path() + "/scratch", folder_.path() + "/control"};
  std::optional<points::ControlBlock> control_;
  std::unique_ptr<Runtime> runtime_;
};

TEST_F(PhpTargetTest, DescribesItself) {
  auto& target = target_of("php-fpm");
  if (!target) GTEST_SKIP() << target.error().message;
  const Description& description = (*target)->description();
  EXPECT_EQ(description.name, "php-fpm");
  EXPECT_TRUE(description.features.contains("script_cache"));
  EXPECT_FALSE(description.features.contains("static_cache.volatile") && description.version.starts_with("8.2."));
  EXPECT_EQ(description.contract, description.version.starts_with("8.2.") ? "php-8.2" : "portable");
}

TEST_F(PhpTargetTest, IncludesAndCaches) {
  start();
  write("a.php", "<?php return ['x' => 1.5, 7 => \"\\xff\", 'n' => [null, true, -3, 'text']];");
  const auto outcome = request(0, {include("@/a.php"), make_operation(K::is_cached, {{"path", "@/a.php"}}),
                                   make_operation(K::included_files, {})});
  ASSERT_EQ(outcome.replies.size(), 3u);
  EXPECT_EQ(outcome.replies[0].value,
            Value::map({{"x", 1.5}, {std::int64_t{7}, "\xff"}, {"n", Value::list({nullptr, true, -3, "text"})}}));
  EXPECT_EQ(outcome.replies[1].value, Value(true));
  EXPECT_EQ(outcome.replies[2].value, Value::list({"@/a.php"}));
  EXPECT_LE(outcome.began, outcome.ended);
}

TEST_F(PhpTargetTest, FormsOfInclude) {
  start();
  write("b.php", "<?php static $n = 0; return 'got';");
  for (const char* how : {"include", "require", "include_once", "require_once"}) {
    EXPECT_EQ(ask(K::include, {{"path", "@/b.php"}, {"how", how}}).value, Value("got"));
  }
}

TEST_F(PhpTargetTest, IncludedFileSeesNothingOfTheDriver) {
  start();
  write(
      "scope.php",
      "<?php return [array_keys(get_defined_vars()), array_keys(array_diff_key($GLOBALS, "
      "array_flip(['_GET', '_POST', '_COOKIE', '_FILES', '_SERVER', '_ENV', '_REQUEST', 'GLOBALS']))), isset($this)];");
  EXPECT_EQ(to_text(request(0, {include("@/scope.php")}).replies[0].value), "[[], [], false]");
}

TEST_F(PhpTargetTest, OutputDiagnosticsAndExceptions) {
  start();
  write("out.php", "<?php echo 'hello'; ob_start(); echo ' world'; return 1;");
  write("warn.php", "<?php echo $undefined; trigger_error('mine', E_USER_NOTICE); @strlen(); return @$quiet;");
  write("throw.php", "<?php echo 'before'; class Mine extends Exception {} throw new Mine('why @ not');");
  const auto out = request(0, {include("@/out.php")}).replies[0];
  EXPECT_EQ(out.value, Value(1));
  EXPECT_EQ(out.output, "hello world");
  const auto missing = request(0, {include("@/none.php")}).replies[0];
  EXPECT_EQ(missing.value, Value(false));
  ASSERT_EQ(missing.diagnostics.size(), 2u);
  EXPECT_EQ(missing.diagnostics[0], "Warning: include(@/none.php): Failed to open stream: No such file or directory");
  const auto thrown = request(0, {include("@/throw.php"), make_operation(K::time, {})});
  EXPECT_EQ(thrown.kind, Outcome::Kind::completed);
  EXPECT_EQ(thrown.replies[0].kind, Reply::Kind::thrown);
  EXPECT_EQ(thrown.replies[0].error_class, "Mine");
  EXPECT_EQ(thrown.replies[0].error_message, "why @ not");
  EXPECT_EQ(thrown.replies[0].output, "before");
  EXPECT_EQ(thrown.replies[1].value, Value(clock_start));
  const auto warned = request(0, {include("@/warn.php")}).replies[0];
  ASSERT_GE(warned.diagnostics.size(), 2u);
  EXPECT_THAT(warned.diagnostics[0], HasSubstr("Warning: Undefined variable $undefined"));
  EXPECT_EQ(warned.diagnostics[1], "Notice: mine");
}

TEST_F(PhpTargetTest, ParseErrorIsThrown) {
  start();
  write("bad.php", "<?php return (;");
  const auto reply = request(0, {include("@/bad.php")}).replies[0];
  EXPECT_EQ(reply.kind, Reply::Kind::thrown);
  EXPECT_EQ(reply.error_class, "ParseError");
}

TEST_F(PhpTargetTest, FatalErrorAbortsTheRequestOnly) {
  start();
  write("fatal.php",
        "<?php echo 'so far'; function twice() {} function outer() { eval('function twice() {}'); } outer();");
  const auto outcome = request(0, {make_operation(K::time, {}), include("@/fatal.php"), make_operation(K::time, {})});
  EXPECT_EQ(outcome.kind, Outcome::Kind::aborted);
  EXPECT_EQ(outcome.replies[0].value, Value(clock_start));
  EXPECT_EQ(outcome.replies[1].kind, Reply::Kind::thrown);
  EXPECT_EQ(outcome.replies[1].error_class, "Fatal error");
  EXPECT_THAT(outcome.replies[1].error_message, HasSubstr("Cannot redeclare twice()"));
  EXPECT_EQ(outcome.replies[1].output, "so far");
  EXPECT_THAT(outcome.replies[1].diagnostics, ElementsAre(StartsWith("Fatal error: Cannot redeclare")));
  EXPECT_EQ(outcome.replies[2].kind, Reply::Kind::not_run);
  EXPECT_EQ(ask(K::time).value, Value(clock_start));
  const auto only = request(0, {include("@/fatal.php")});
  EXPECT_EQ(only.kind, Outcome::Kind::aborted);
}

TEST_F(PhpTargetTest, ExitAbortsWithoutStatement) {
  start();
  write("exit.php", "<?php echo 'bye'; exit(3);");
  const auto outcome = request(0, {make_operation(K::time, {}), include("@/exit.php")});
  EXPECT_EQ(outcome.kind, Outcome::Kind::aborted);
  EXPECT_EQ(outcome.replies[1].kind, Reply::Kind::not_run);
  EXPECT_EQ(outcome.replies[1].output, "bye");
}

TEST_F(PhpTargetTest, ScriptThatTakesTheBuffersOff) {
  start();
  write("raw.php",
        "<?php while (ob_get_level()) ob_end_flush(); echo 'raw'; flush(); register_shutdown_function(function () { "
        "echo 'late'; }); return 5;");
  const auto outcome = request(0, {include("@/raw.php")});
  EXPECT_EQ(outcome.kind, Outcome::Kind::completed) << outcome.detail;
  EXPECT_EQ(outcome.replies[0].value, Value(5));
  EXPECT_THAT(outcome.replies[0].output, HasSubstr("raw"));
  EXPECT_THAT(outcome.replies[0].output, HasSubstr("late"));
}

TEST_F(PhpTargetTest, ClockStandsStillAndMoves) {
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

// The whole status, taken by a driver request before and after other driver requests.
TEST_F(PhpTargetTest, DriverLeavesNoTraceInTheScriptCache) {
  start("php-fpm", two_workers());
  write("a.php", "<?php return 1;");
  request(0, {include("@/a.php")});
  // The declared difference: uses of files that are not stored are counted.
  const auto status = [&] {
    Value value = ask(K::script_status).value;
    Value* statistics = const_cast<Value*>(value.find(Key("opcache_statistics")));
    EXPECT_TRUE(statistics);
    std::erase_if(statistics->as_array(), [](const auto& e) {
      return e.first == Key("blacklist_misses") || e.first == Key("blacklist_miss_ratio");
    });
    return value;
  };
  const auto misses = [&] { return number(ask(K::script_status).value, {"opcache_statistics", "blacklist_misses"}); };
  const Value before = status();
  EXPECT_EQ(number(before, {"opcache_statistics", "num_cached_scripts"}), 1);
  EXPECT_EQ(number(before, {"opcache_statistics", "num_cached_keys"}), 1);
  EXPECT_EQ(number(before, {"opcache_statistics", "hits"}), 0);
  EXPECT_EQ(number(before, {"opcache_statistics", "misses"}), 1);
  for (int worker : {0, 1}) {
    request(worker, {make_operation(K::time, {}), make_operation(K::realpath, {{"path", "@/a.php"}}),
                     make_operation(K::cache_get, {{"key", "k"}}), make_operation(K::current_dir, {})});
  }
  EXPECT_EQ(to_text(status(), 100000), to_text(before, 100000));
  const auto count = misses();
  request(1, {make_operation(K::time, {})});
  EXPECT_EQ(misses(), count + 2);  // That request, and the one that asks.
  EXPECT_EQ(ask(K::script_configuration).value.find(Key("blacklist"))->as_array().size(), 0u);
}

TEST_F(PhpTargetTest, DriverLeavesNoTraceInTheRealpathCache) {
  start();
  std::filesystem::create_directories(sandbox_.root / "d");
  const auto listing = make_operation(K::realpath_cache_get, {});
  const auto size = make_operation(K::realpath_cache_size, {});
  const auto resolve = make_operation(K::realpath, {{"path", "@/d"}});
  const auto clear = make_operation(K::clear_stat_cache, {{"realpath", true}});
  // In one request after a clear there is nothing of the driver; in a new request it would be there again.
  const auto inside = request(0, {clear, size, resolve, listing, size});
  EXPECT_EQ(inside.replies[1].value, Value(0));
  const auto next = request(0, {listing, size});
  EXPECT_EQ(next.replies[0].value, inside.replies[3].value);
  EXPECT_EQ(next.replies[1].value, inside.replies[4].value);
  for (const auto& [path, entry] : next.replies[0].value.as_array()) {
    EXPECT_EQ(std::get<std::string>(path).find("scratch"), std::string::npos);
  }
  EXPECT_EQ(request(0, {make_operation(K::current_dir, {})}).replies[0].value, Value("@"));
}

TEST_F(PhpTargetTest, WorkersStartWithoutEntriesOfTheirMaster) {
  Configuration configuration;
  configuration.pools = {Pool{}, Pool{1, {{"realpath_cache_size", "-1"}}}};
  start("php-fpm", configuration);
  control_->advance_clock(7s);
  const auto reply = ask(K::realpath_cache_get);
  ASSERT_FALSE(reply.value.as_array().empty());  // Ancestors of the sandbox, which the driver has too.
  for (const auto& [path, entry] : reply.value.as_array()) {
    EXPECT_EQ(number(entry, {"expires"}), clock_start + 7 + 120) << to_text(reply);
  }
  EXPECT_EQ(ask(K::realpath_cache_size, {}, 1).value, Value(0));
  EXPECT_EQ(ask(K::ini_get, {{"name", "realpath_cache_size"}}).value, Value("4096K"));
  EXPECT_EQ(ask(K::ini_get, {{"name", "realpath_cache_size"}}, 1).value, Value("-1"));
}

TEST_F(PhpTargetTest, SizeOfTheRealpathCacheIsTheConfiguredOne) {
  Configuration configuration;
  configuration.ini = {{"realpath_cache_size", "1K"}};
  start("php-fpm", configuration);
  EXPECT_EQ(ask(K::ini_get, {{"name", "realpath_cache_size"}}).value, Value("1K"));
}

TEST_F(PhpTargetTest, TellsDiagnosticsOfCompilingAndIsNotInTheWay) {
  start();
  write("deprecated.php", "<?php function f($a = 1, $b) {} return 1;");
  const auto first =
      request(0, {include("@/deprecated.php"), make_operation(K::is_cached, {{"path", "@/deprecated.php"}})});
  EXPECT_THAT(first.replies[0].diagnostics, ElementsAre(HasSubstr("Deprecated: Optional parameter $a")));
  EXPECT_EQ(first.replies[1].value, Value(true));
  EXPECT_THAT(request(0, {include("@/deprecated.php")}).replies[0].diagnostics, IsEmpty());  // Compiled already.
  write("own.php", "<?php set_error_handler(fn($n, $m) => print(\"mine: $m\")); echo $undefined; return 1;");
  const auto own = request(0, {include("@/own.php")}).replies[0];
  EXPECT_EQ(own.output, "mine: Undefined variable $undefined");
  EXPECT_THAT(own.diagnostics, IsEmpty());
  write("last.php", "<?php $x = $undefined; return error_get_last()['message'] ?? null;");
  EXPECT_EQ(request(0, {include("@/last.php")}).replies[0].value, Value("Undefined variable $undefined"));
}

TEST_F(PhpTargetTest, FileOperations) {
  start();
  const auto outcome =
      request(0, {make_operation(K::put_file, {{"path", "@/f"}, {"data", "body"}}),
                  make_operation(K::read_file, {{"path", "@/f"}}), make_operation(K::file_size, {{"path", "@/f"}}),
                  make_operation(K::make_dir, {{"path", "@/x/y"}, {"recursive", true}}),
                  make_operation(K::symlink, {{"target", "@/x"}, {"link", "@/l"}}),
                  make_operation(K::read_link, {{"path", "@/l"}}), make_operation(K::realpath, {{"path", "@/l/y"}}),
                  make_operation(K::touch, {{"path", "@/x/t"}, {"mtime", 5}}),
                  make_operation(K::file_mtime, {{"path", "@/x/t"}}),
                  make_operation(K::temp_name, {{"directory", "@/x"}, {"prefix", "p"}}),
                  make_operation(K::scan_dir, {{"path", "@"}}), make_operation(K::realpath, {{"path", "\xff"}}),
                  make_operation(K::rename, {{"from", "@/f"}, {"to", "@/\xff"}}),
                  make_operation(K::realpath, {{"path", "@/\xff"}})});
  ASSERT_EQ(outcome.kind, Outcome::Kind::completed) << outcome.detail;
  EXPECT_EQ(outcome.replies[0].value, Value(4));
  EXPECT_EQ(outcome.replies[1].value, Value("body"));
  EXPECT_EQ(outcome.replies[2].value, Value(4));
  EXPECT_EQ(outcome.replies[5].value, Value("@/x"));
  EXPECT_EQ(outcome.replies[6].value, Value("@/x/y"));
  EXPECT_EQ(outcome.replies[8].value, Value(5));
  EXPECT_EQ(outcome.replies[9].value, Value("@/x"));
  EXPECT_EQ(outcome.replies[10].value, Value::list({".", "..", "f", "l", "x"}));
  EXPECT_EQ(outcome.replies[11].value, Value(false));
  EXPECT_EQ(outcome.replies[13].value, Value("@/\xff"));
}

TEST_F(PhpTargetTest, EveryOperationIsKnownToTheDriver) {
  start();
  for (const CallSpec& spec : operation_specs()) {
    const std::string name = spec.name;
    if (name == "rendezvous" || std::string_view(spec.feature).starts_with("static_cache")) continue;
    Call call{&spec, {}};
    for (const Parameter& parameter : spec.parameters) {
      call.arguments.push_back(parameter.standard ? *value_from_json(Json::parse(parameter.standard))
                               : parameter.type == ParameterType::integer ? Value(0)
                                                                          : Value("@/nothing"));
    }
    const auto outcome = request(0, {Operation{call}});
    ASSERT_EQ(outcome.replies.size(), 1u);
    EXPECT_NE(outcome.replies[0].kind, Reply::Kind::unsupported) << name;
    EXPECT_NE(outcome.replies[0].error_class, "UnhandledMatchError") << name;
    EXPECT_THAT(outcome.replies[0].error_class, ::testing::Not(AnyOf("TypeError", "ArgumentCountError")))
        << name << outcome.replies[0].error_message;
  }
}

TEST_F(PhpTargetTest, RecallAndMutate) {
  start();
  write("m.php", "<?php return ['k' => [1, 2]];");
  const auto outcome =
      request(0, {include("@/m.php"), make_operation(K::mutate, {{"operation", 0}, {"key", "k"}, {"value", "changed"}}),
                  make_operation(K::recall, {{"operation", 0}}), make_operation(K::recall, {{"operation", 9}})});
  EXPECT_EQ(outcome.replies[1].value, Value::map({{"k", "changed"}}));
  EXPECT_EQ(outcome.replies[2].value, Value::map({{"k", "changed"}}));
  EXPECT_EQ(outcome.replies[3].error_class, "Error");
  EXPECT_EQ(request(0, {include("@/m.php")}).replies[0].value, Value::map({{"k", Value::list({1, 2})}}));
}

TEST_F(PhpTargetTest, DirectivesOfRuntimeAndPool) {
  Configuration configuration = two_workers();
  configuration.ini = {{"opcache.revalidate_freq", "7"}, {"include_path", ".:@/lib"}};
  configuration.pools[1].ini = {{"opcache.revalidate_freq", "9"}, {"realpath_cache_ttl", "33"}};
  start("php-fpm", configuration);
  EXPECT_EQ(ask(K::ini_get, {{"name", "opcache.revalidate_freq"}}).value, Value("7"));
  EXPECT_EQ(ask(K::ini_get, {{"name", "include_path"}}).value, Value(".:@/lib"));
  EXPECT_EQ(ask(K::ini_get, {{"name", "opcache.revalidate_freq"}}, 1).value, Value("9"));
  EXPECT_EQ(ask(K::ini_get, {{"name", "realpath_cache_ttl"}}, 1).value, Value("33"));
}

TEST_F(PhpTargetTest, WorkersKeepTheirProcessAndTheirNumber) {
  Configuration configuration;
  configuration.pools = {Pool{}, Pool{3, {}}};
  start("php-fpm", configuration);
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

TEST_F(PhpTargetTest, KilledInsideARequest) {
  start("php-fpm", two_workers());
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

TEST_F(PhpTargetTest, KilledBetweenRequestsIsNoStatementAboutTheNext) {
  start();
  ask(K::time);
  const pid_t old = *runtime_->worker(0).process();
  kill(old, SIGKILL);
  while (read_process_state(old) && read_process_state(old)->is_running()) std::this_thread::sleep_for(1ms);
  EXPECT_EQ(ask(K::time).value, Value(clock_start));
  EXPECT_NE(runtime_->worker(0).process(), old);
}

TEST_F(PhpTargetTest, HangIsToldWithTheStateOfTheWorker) {
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

TEST_F(PhpTargetTest, RendezvousWaitsForTheSuite) {
  start();
  Outcome outcome;
  std::thread background([&] {
    outcome = request(0, {make_operation(K::rendezvous, {{"name", "r"}}), make_operation(K::time, {})});
  });
  const auto arrived = sandbox_.scratch / "rendezvous-r.arrived";
  const Deadline deadline = Deadline::after(5s);
  while (!std::filesystem::exists(arrived) && !deadline.passed()) std::this_thread::sleep_for(1ms);
  EXPECT_TRUE(std::filesystem::exists(arrived));
  control_->advance_clock(5s);
  std::ofstream(sandbox_.scratch / "rendezvous-r.go").flush();
  background.join();
  ASSERT_EQ(outcome.kind, Outcome::Kind::completed) << outcome.detail;
  EXPECT_EQ(outcome.replies[1].value, Value(clock_start + 5));
}

TEST_F(PhpTargetTest, FaultsReachTheWorkerByItsNumber) {
  start("php-fpm", two_workers());
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

TEST_F(PhpTargetTest, AbandonedRequestIsAborted) {
  start();
  write("a.php", "<?php return 1;");
  ASSERT_TRUE(control_->arm({points::fail("posix/lock/fcntl/setlkw", ENOLCK)}));
  const auto outcome = request(0, {make_operation(K::time, {}), include("@/a.php"), make_operation(K::time, {})});
  EXPECT_EQ(outcome.kind, Outcome::Kind::aborted);
  EXPECT_EQ(outcome.replies[0].value, Value(clock_start));
  EXPECT_EQ(outcome.replies[1].kind, Reply::Kind::not_run);
  control_->disarm();
  EXPECT_EQ(request(0, {include("@/a.php")}).replies[0].value, Value(1));
}

TEST_F(PhpTargetTest, DestructionLeavesNothing) {
  start("php-fpm", two_workers());
  const pid_t pid = *runtime_->worker(0).process();
  const pid_t group = read_process_state(pid)->group;
  EXPECT_FALSE(processes_of_group(group).empty());
  runtime_.reset();
  EXPECT_THAT(processes_of_group(group), IsEmpty());
  for (const auto& entry : std::filesystem::directory_iterator(sandbox_.scratch)) {
    EXPECT_FALSE(std::filesystem::is_socket(entry.path())) << entry.path();
  }
}

TEST_F(PhpTargetTest, StartThatFailsTellsTheTargetsOwnWords) {
  auto& target = target_of("php-fpm");
  if (!target) GTEST_SKIP() << target.error().message;
  Configuration configuration;
  configuration.ini = {{"opcache.memory_consumption", "200000000"}};
  const auto runtime = (*target)->start(configuration, sandbox_);
  ASSERT_FALSE(runtime);
  EXPECT_THAT(runtime.error().message, HasSubstr("status 254"));
  EXPECT_THAT(runtime.error().message, HasSubstr("Unable to allocate shared memory segment"));
}

TEST_F(PhpTargetTest, ApcuIsMapped) {
  start("apcu", two_workers());
  const Value nested = Value::map({{"a", Value::list({1, 2.5, nullptr})}, {"b", "\xfe"}});
  EXPECT_EQ(ask(K::cache_set, {{"key", "k"}, {"value", nested}}).value, Value(true));
  EXPECT_EQ(ask(K::cache_get, {{"key", "k"}}, 1).value, nested);
  EXPECT_EQ(ask(K::cache_get, {{"key", "none"}, {"standard", "fallback"}}).value, Value("fallback"));
  EXPECT_EQ(ask(K::cache_set_multiple, {{"values", Value::map({{"x", 1}, {"y", 2}})}}).value, Value(true));
  EXPECT_EQ(
      ask(K::cache_get_multiple, {{"keys", Value::list({"y", "none", "x"})}, {"standard", Value::list({})}}).value,
      Value::map({{"y", 2}, {"none", Value::list({})}, {"x", 1}}));
  EXPECT_EQ(ask(K::cache_has, {{"key", "x"}}).value, Value(true));
  EXPECT_EQ(ask(K::cache_delete, {{"key", "x"}}).value, Value(true));
  EXPECT_EQ(ask(K::cache_delete, {{"key", "x"}}).value, Value(true));
  EXPECT_EQ(ask(K::cache_has, {{"key", "x"}}).value, Value(false));
  EXPECT_EQ(ask(K::cache_delete_multiple, {{"keys", Value::list({"x", "y"})}}).value, Value(true));
  EXPECT_EQ(number(ask(K::cache_info).value, {"entry_count"}), 1);
  EXPECT_EQ(ask(K::cache_set, {{"key", "t"}, {"value", 1}, {"ttl", 2}}).value, Value(true));
  control_->advance_clock(2s);
  EXPECT_EQ(ask(K::cache_get, {{"key", "t"}}, 1).value, Value(1));
  control_->advance_clock(1s);
  EXPECT_EQ(ask(K::cache_get, {{"key", "t"}}, 1).value, Value());
  EXPECT_EQ(ask(K::cache_clear).value, Value(true));
  EXPECT_EQ(ask(K::cache_get, {{"key", "k"}}, 1).value, Value());
  EXPECT_EQ(ask(K::cache_lock, {{"key", "k"}}).kind, Reply::Kind::unsupported);
}

TEST_F(PhpTargetTest, ValuesGoThroughPhpUnchanged) {
  start("apcu");
  Reference shared{1, {Value(3)}};
  Reference again{1, {}};
  Object object{1, false, "ArrayObject", {}};
  const std::vector<Value> values = {nullptr,
                                     true,
                                     false,
                                     0,
                                     -1,
                                     std::numeric_limits<std::int64_t>::max(),
                                     std::numeric_limits<std::int64_t>::min(),
                                     0.1,
                                     -0.0,
                                     1e300,
                                     5e-324,
                                     std::numeric_limits<double>::infinity(),
                                     std::numeric_limits<double>::quiet_NaN(),
                                     "",
                                     "text",
                                     std::string("a\0b", 3),
                                     "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80",
                                     "\xff\xfe",
                                     "line\nbreak\"\\/",
                                     std::string(70000, 'x'),
                                     Value::list({}),
                                     Value::list({1, Value::list({2, Value::list({})})}),
                                     Value::map({{std::int64_t{-5}, "m"}, {"", 1}, {"\xff", 2}}),
                                     Value::map({{"$float", "1"}}),
                                     Value::map({{std::int64_t{1}, 0}}),
                                     Value::map({{"a", shared}, {"b", again}}),
                                     Object{1, false, "stdClass", {{"p", 1}, {"q", Value(Object{1, true, "", {}})}}}};
  for (const Value& value : values) {
    const auto outcome = request(0, {make_operation(K::cache_set, {{"key", "v"}, {"value", value}}),
                                     make_operation(K::cache_get, {{"key", "v"}, {"standard", "none"}})});
    ASSERT_EQ(outcome.kind, Outcome::Kind::completed) << to_text(value, 100) << outcome.detail;
    EXPECT_EQ(outcome.replies[1].value, value)
        << to_text(value, 100) << " came back as " << to_text(outcome.replies[1].value, 100);
  }
}

TEST(PhpTargetOptions, BadOptionsAreToldClearly) {
  const auto why = [](const std::string& name, const std::string& value) {
    auto target = fpm_target_kind().make({{name, value}});
    return target ? std::string("made") : target.error().message;
  };
  EXPECT_THAT(why("php", "/nonexistent/php-fpm"), HasSubstr("/nonexistent/php-fpm"));
  EXPECT_THAT(why("php", "/bin/true"), HasSubstr("not PHP"));
  EXPECT_THAT(why("ini", "nothing"), HasSubstr("ini=DIRECTIVE=VALUE"));
  if (!find_php_fpm()) GTEST_SKIP() << "no php-fpm here";
  EXPECT_THAT(why("extension", "no_such_thing"), HasSubstr("no_such_thing"));
  EXPECT_THAT(why("ini", "opcache.enable=0"), HasSubstr("OPcache does not run"));
  EXPECT_THAT(apcu_target_kind().make({{"ini", "apc.enabled=0"}}).error().message, HasSubstr("apc.enabled"));
}

// Any other library in the interposer's place: the preload succeeds, and nothing is virtual.
TEST(PhpSelfCheck, LibraryThatInterposesNothingIsNoticed) {
  if (!find_php_fpm()) GTEST_SKIP() << "no php-fpm here";
  Dl_info info{};
  ASSERT_NE(dladdr(reinterpret_cast<void*>(&std::terminate), &info), 0);
  setenv("ASSAY_INTERPOSER", info.dli_fname, 1);
  const auto fpm = fpm_target_kind().make({});
  setenv("ASSAY_INTERPOSER", "/nonexistent/library.so", 1);
  const auto missing = fpm_target_kind().make({});
  unsetenv("ASSAY_INTERPOSER");
  ASSERT_FALSE(fpm);
  EXPECT_THAT(fpm.error().message, HasSubstr("the interposer does not work"));
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message, HasSubstr("/nonexistent/library.so"));
}

// A PHP that dies or hangs when it is started for real, though it answers questions about itself.
TEST(PhpSelfCheck, PhpThatDiesAtStartIsTold) {
  const auto php = find_php_fpm();
  if (!php) GTEST_SKIP() << php.error().message();
  const TemporaryFolder folder;
  const std::string fake = folder.write_program(
      "php-fpm", "#!/bin/sh\ncase \"$*\" in *-F*) echo out of luck >&2; exit 7;; esac\nexec " + *php + " \"$@\"\n");
  const auto target = fpm_target_kind().make({{"php", fake}});
  ASSERT_FALSE(target);
  EXPECT_THAT(target.error().message, HasSubstr("status 7"));
  EXPECT_THAT(target.error().message, HasSubstr("out of luck"));
}

}  // namespace
}  // namespace assay::conformance::php
