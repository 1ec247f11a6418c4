#include "reference/php/interpreter/interpreter.h"

#include <gtest/gtest.h>

#include "reference/php/library/standard_functions.h"
#include "reference/tests/php/script_fixture.h"

namespace assay::reference::php {
namespace {

TEST(Interpreter, AnswersWhatTheScriptReturns) {
  EXPECT_EQ(run_source("<?php return 6 * 7;").result.value.as_int(), 42);
  EXPECT_EQ(run_source("<?php $x = 1;").result.value.as_int(), 1);
  EXPECT_EQ(run_source("no code").output, "no code");
}

TEST(Interpreter, ExitEndsTheRequestWithoutError) {
  const auto run = run_source("<?php echo 'a'; exit(3); echo 'b';");
  EXPECT_EQ(run.output, "a");
  EXPECT_TRUE(run.result.exited);
  EXPECT_EQ(run.result.exit_status, 3);
  EXPECT_FALSE(run.result.error);
}

TEST(Interpreter, AnUncaughtExceptionIsAnErrorValue) {
  const auto run = run_source("<?php\nthrow new LogicException('m');");
  ASSERT_TRUE(run.result.error);
  EXPECT_EQ(run.result.error->class_name, "LogicException");
  EXPECT_EQ(run.result.error->message, "m");
  EXPECT_EQ(run.result.error->file, "/test/source.php");
  EXPECT_EQ(run.result.error->line, 2u);
}

TEST(Interpreter, MessagesAreKeptAsValues) {
  const auto run = run_source("<?php\n\necho $nothing;");
  ASSERT_EQ(run.diagnostics.size(), 1u);
  EXPECT_EQ(run.diagnostics[0].severity, Severity::warning);
  EXPECT_EQ(run.diagnostics[0].message, "Undefined variable $nothing");
  EXPECT_EQ(run.diagnostics[0].line, 3u);
  EXPECT_EQ(run.output, "");
}

TEST(Interpreter, HostileScriptsEndWithAnError) {
  Limits limits;
  limits.steps = 200000;
  limits.stack_bytes = 1024 * 1024;
  limits.value_bytes = 1024 * 1024;
  for (const char* source : {
           "<?php while (true);",
           "<?php for (;;) { $a[] = 1; }",
           "<?php function f() { return f(); } f();",
           "<?php $f = function () use (&$f) { $f(); }; $f();",
           "<?php class A { function __toString(): string { return (string)$this; } } echo new A;",
           "<?php spl_autoload_register(fn($n) => new $n($n . 'x')); new B;",
           "<?php $s = 'x'; while (true) $s .= $s;",
           "<?php $s = 'x'; while (true) $s = \"$s$s\";",
           "<?php echo str_repeat('x', 1000000000000);",
           "<?php $a = [1]; while (true) $a = [...$a, ...$a];",
           "<?php $a = [1]; while (true) $a = array_merge($a, $a);",
           "<?php while (true) echo 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx';",
           "<?php range(0, PHP_INT_MAX);",
           "<?php array_fill(0, PHP_INT_MAX, 1);",
           "<?php function g($n) { try { g($n + 1); } finally { g($n + 1); } } g(0);",
       }) {
    const auto run = run_source(source, limits);
    EXPECT_TRUE(run.result.error) << source;
  }
}

TEST(Interpreter, CyclesAndDeepValuesAreHarmless) {
  EXPECT_FALSE(
      run_source("<?php $o = new stdClass; $o->self = $o; $a = [&$a]; var_dump(count($a)); return $o;").result.error);
  EXPECT_FALSE(run_source("<?php $a = null; for ($i = 0; $i < 100000; $i++) $a = [$a]; echo count($a); unset($a);")
                   .result.error);
  const auto run = run_source("<?php $o = new stdClass; $o->self = $o; print_r($o);");
  EXPECT_NE(run.output.find("*RECURSION*"), std::string::npos);
}

TEST(Interpreter, ABuiltinIsCalledWithItsArguments) {
  auto builtins = standard_builtins();
  builtins->add("probe", 1, 2, [](BuiltinCall& call) -> BuiltinResult {
    if (call.arguments[0].is_null()) return tl::unexpected(BuiltinError{"ValueError", "probe(): no", nullptr});
    call.warn("probed");
    return Value(static_cast<std::int64_t>(call.arguments.size()) * 10 + call.arguments[0].as_int());
  });
  builtins->add(
      "set_it", 1, 1,
      [](BuiltinCall& call) -> BuiltinResult {
        call.arguments[0].resolve() = Value("set");
        return Value();
      },
      1);
  ASSERT_TRUE(builtins->add_prelude(
      "<?php namespace Vendor; final class Thing { static function go($x) { return \\probe($x, 1); } }"));
  Arena arena;
  auto compiled = SubsetCompiler().compile(
      "<?php set_it($v); try { probe(null); } catch (ValueError $e) { return [probe(5), Vendor\\Thing::go(1), "
      "$e->getMessage(), $v]; }",
      "/x.php", arena);
  ASSERT_TRUE(compiled);
  NoLoader loader;
  RequestContext context;
  Interpreter interpreter(context, *builtins, loader);
  const RunResult result = interpreter.run(*compiled->script);
  ASSERT_TRUE(result.value.is_array()) << (result.error ? result.error->message : "");
  EXPECT_EQ(result.value.as_array().find(ArrayKey(0))->as_int(), 15);
  EXPECT_EQ(result.value.as_array().find(ArrayKey(1))->as_int(), 21);
  EXPECT_EQ(result.value.as_array().find(ArrayKey(2))->as_string(), "probe(): no");
  EXPECT_EQ(result.value.as_array().find(ArrayKey(3))->as_string(), "set");
  ASSERT_EQ(context.diagnostics.size(), 2u);
  EXPECT_EQ(context.diagnostics[1].file, "/x.php");
}

TEST(Builtins, LatePreludesHaveTheClassesThatTheirTextsName) {
  const auto builtins = standard_builtins();
  EXPECT_FALSE(builtins->late_preludes().empty());
  for (const LatePrelude* prelude : builtins->late_preludes()) {
    const auto names = prelude->names();
    EXPECT_EQ(names.size(), prelude->script().classes.count);
    for (const std::string& name : names) {
      EXPECT_NE(prelude->find(name), nullptr) << name;
      EXPECT_EQ(builtins->find_class(name), prelude->find(name)) << name;
    }
  }
}

// SC-API-08: the functions of a compiled file are defined, its classes are not; a second time is a redeclaration.
TEST(Interpreter, DeclaresFunctionsWithoutRunning) {
  const auto builtins = standard_builtins();
  Arena arena;
  auto compiled =
      SubsetCompiler().compile("<?php echo 'run';\nfunction f() { return 1; }\nclass C {}", "/x.php", arena);
  ASSERT_TRUE(compiled);
  NoLoader loader;
  RequestContext context;
  Interpreter interpreter(context, *builtins, loader);
  EXPECT_FALSE(interpreter.declare_functions(*compiled->script));
  EXPECT_EQ(interpreter.call(Value("f"), {}).value.as_int(), 1);
  EXPECT_FALSE(interpreter.call(Value("class_exists"), {Value("C")}).value.as_bool());
  const auto again = interpreter.declare_functions(*compiled->script);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->message, "Cannot redeclare f() (previously declared in /x.php:2)");
  EXPECT_EQ(context.output, "");
}

TEST(Interpreter, AttributesAreKept) {
  const auto builtins = standard_builtins();
  Arena arena;
  auto compiled = SubsetCompiler().compile("<?php class C { #[OPcache\\VolatileStatic(ttl: 5)] public static $n = 1; }",
                                           "/x.php", arena);
  ASSERT_TRUE(compiled);
  NoLoader loader;
  RequestContext context;
  Interpreter interpreter(context, *builtins, loader);
  interpreter.run(*compiled->script);
  const RuntimeClass& type = *context.classes.at("c");
  const PropertyData& property = *type.statics.at("n").data;
  ASSERT_EQ(property.attributes.count, 1u);
  EXPECT_EQ(property.attributes[0].name->view(), "OPcache\\VolatileStatic");
  EXPECT_EQ(property.attributes[0].arguments[0]->text->view(), "ttl");
}

}  // namespace
}  // namespace assay::reference::php
