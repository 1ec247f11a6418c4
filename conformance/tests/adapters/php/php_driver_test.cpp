#include "conformance/adapters/php/php_target.h"  // Before gmock, whose macro ACTION is in the way of its headers.

#include <gmock/gmock-matchers.h>
#include <gmock/gmock-more-matchers.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <thread>

#include "conformance/adapter/rendezvous.h"
#include "conformance/adapters/php/deadline.h"
#include "conformance/tests/adapters/php/php_fixture.h"

namespace assay::conformance::php {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::StartsWith;
using namespace std::chrono_literals;

class PhpDriverTest : public PhpFixture {};

TEST_F(PhpDriverTest, IncludesAndCaches) {
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

TEST_F(PhpDriverTest, FormsOfInclude) {
  start();
  write("b.php", "<?php static $n = 0; return 'got';");
  for (const char* how : {"include", "require", "include_once", "require_once"}) {
    EXPECT_EQ(ask(K::include, {{"path", "@/b.php"}, {"how", how}}).value, Value("got"));
  }
}

TEST_F(PhpDriverTest, IncludedFileSeesNothingOfTheDriver) {
  start();
  write(
      "scope.php",
      "<?php return [array_keys(get_defined_vars()), array_keys(array_diff_key($GLOBALS, "
      "array_flip(['_GET', '_POST', '_COOKIE', '_FILES', '_SERVER', '_ENV', '_REQUEST', 'GLOBALS']))), isset($this)];");
  EXPECT_EQ(to_text(request(0, {include("@/scope.php")}).replies[0].value), "[[], [], false]");
}

TEST_F(PhpDriverTest, OutputDiagnosticsAndExceptions) {
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

TEST_F(PhpDriverTest, ParseErrorIsThrown) {
  start();
  write("bad.php", "<?php return (;");
  const auto reply = request(0, {include("@/bad.php")}).replies[0];
  EXPECT_EQ(reply.kind, Reply::Kind::thrown);
  EXPECT_EQ(reply.error_class, "ParseError");
}

TEST_F(PhpDriverTest, FatalErrorAbortsTheRequestOnly) {
  start();
  write("fatal.php",
        "<?php echo 'so far'; function twice() {} function outer() { eval('function twice() {}'); } outer();");
  const auto outcome = request(0, {make_operation(K::time, {}), include("@/fatal.php"), make_operation(K::time, {})});
  EXPECT_EQ(outcome.kind, Outcome::Kind::aborted);
  EXPECT_EQ(outcome.replies[0].value, Value(clock_start));
  EXPECT_EQ(outcome.replies[1].kind, Reply::Kind::thrown);
  EXPECT_EQ(outcome.replies[1].error_class, "Fatal error");
  EXPECT_THAT(outcome.replies[1].error_message, MatchesRegex("Cannot redeclare (function )?twice\\(\\).*"));
  EXPECT_EQ(outcome.replies[1].output, "so far");
  EXPECT_THAT(outcome.replies[1].diagnostics, ElementsAre(StartsWith("Fatal error: Cannot redeclare")));
  EXPECT_EQ(outcome.replies[2].kind, Reply::Kind::not_run);
  EXPECT_EQ(ask(K::time).value, Value(clock_start));
  const auto only = request(0, {include("@/fatal.php")});
  EXPECT_EQ(only.kind, Outcome::Kind::aborted);
}

TEST_F(PhpDriverTest, ExitAbortsWithoutStatement) {
  start();
  write("exit.php", "<?php echo 'bye'; exit(3);");
  const auto outcome = request(0, {make_operation(K::time, {}), include("@/exit.php")});
  EXPECT_EQ(outcome.kind, Outcome::Kind::aborted);
  EXPECT_EQ(outcome.replies[1].kind, Reply::Kind::not_run);
  EXPECT_EQ(outcome.replies[1].output, "bye");
}

TEST_F(PhpDriverTest, ScriptThatTakesTheBuffersOff) {
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

TEST_F(PhpDriverTest, TellsDiagnosticsOfCompilingAndIsNotInTheWay) {
  start();
  write("deprecated.php", "<?php function f($a = 1, $b) {} return 1;");
  const auto first =
      request(0, {include("@/deprecated.php"), make_operation(K::is_cached, {{"path", "@/deprecated.php"}})});
  EXPECT_THAT(first.replies[0].diagnostics,
              ElementsAre(AllOf(StartsWith("Deprecated: "), HasSubstr("Optional parameter $a"))));
  EXPECT_EQ(first.replies[1].value, Value(true));
  EXPECT_THAT(request(0, {include("@/deprecated.php")}).replies[0].diagnostics, IsEmpty());  // Compiled already.
  write("own.php", "<?php set_error_handler(fn($n, $m) => print(\"mine: $m\")); echo $undefined; return 1;");
  const auto own = request(0, {include("@/own.php")}).replies[0];
  EXPECT_EQ(own.output, "mine: Undefined variable $undefined");
  EXPECT_THAT(own.diagnostics, IsEmpty());
  write("last.php", "<?php $x = $undefined; return error_get_last()['message'] ?? null;");
  EXPECT_EQ(request(0, {include("@/last.php")}).replies[0].value, Value("Undefined variable $undefined"));
}

TEST_F(PhpDriverTest, FileOperations) {
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

TEST_F(PhpDriverTest, EveryOperationIsKnownToTheDriver) {
  start();
  for (const CallSpec& spec : operation_specs()) {
    const std::string name = spec.name;
    if (name == "rendezvous" || std::string_view(spec.feature).starts_with("static_cache")) continue;
    Call call{&spec, {}};
    for (const Parameter& parameter : spec.parameters) {
      call.arguments.push_back(parameter.default_json                     ? parameter.default_value
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

TEST_F(PhpDriverTest, RecallAndMutate) {
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

TEST_F(PhpDriverTest, RendezvousWaitsForTheSuite) {
  start();
  Outcome outcome;
  std::thread background([&] {
    outcome = request(0, {make_operation(K::rendezvous, {{"name", "r"}}), make_operation(K::time, {})});
  });
  const auto [arrived, go] = rendezvous_files(sandbox_.scratch, "r");
  const Deadline deadline = Deadline::after(5s);
  while (!std::filesystem::exists(arrived) && !deadline.passed()) std::this_thread::sleep_for(1ms);
  EXPECT_TRUE(std::filesystem::exists(arrived));
  control_->advance_clock(5s);
  std::ofstream(go).flush();
  background.join();
  ASSERT_EQ(outcome.kind, Outcome::Kind::completed) << outcome.detail;
  EXPECT_EQ(outcome.replies[1].value, Value(clock_start + 5));
}

TEST_F(PhpDriverTest, AbandonedRequestIsAborted) {
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

}  // namespace
}  // namespace assay::conformance::php
