#include "reference/php/compiler/compiler.h"

#include <gtest/gtest.h>

#include <random>

#include "reference/php/compiler/opaque_compiler.h"
#include "reference/tests/php/script_fixture.h"

namespace assay::reference::php {
namespace {

Diagnostic error_of(std::string_view source) {
  Arena arena;
  auto compiled = SubsetCompiler().compile(source, "/x.php", arena);
  return compiled ? Diagnostic{} : compiled.error();
}

// The messages are those that PHP 8.2 was seen to give.
TEST(Compiler, ParseErrorsSayWhatPhpSays) {
  const std::pair<const char*, const char*> cases[] = {
      {"return [1, 2;", "syntax error, unexpected token \";\", expecting \"]\""},
      {"return 1", "syntax error, unexpected end of file, expecting \";\""},
      {"echo 1 +;", "syntax error, unexpected token \";\""},
      {"echo foo(1;", "syntax error, unexpected token \";\", expecting \")\""},
      {"function { }", "syntax error, unexpected token \"{\", expecting \"(\""},
      {"if (1 { }", "syntax error, unexpected token \"{\""},
      {"$x = 5 $y;", "syntax error, unexpected variable \"$y\""},
      {"class { }", "syntax error, unexpected token \"{\", expecting identifier"},
      {"class A { foo }", "syntax error, unexpected identifier \"foo\", expecting \"function\" or \"const\""},
      {"foo bar;", "syntax error, unexpected identifier \"bar\""},
      {"}", "Unmatched '}'"},
      {"$a = ;", "syntax error, unexpected token \";\""},
      {"function f($a { }", "syntax error, unexpected token \"{\", expecting \")\""},
      {"$x[1;", "syntax error, unexpected token \";\", expecting \"]\""},
      {"1 < 2 < 3;", "syntax error, unexpected token \"<\""},
      {"return 5 6;", "syntax error, unexpected integer \"6\", expecting \";\""},
      {"const A;", "syntax error, unexpected token \";\", expecting \"=\""},
      {"/* abc", "Unterminated comment starting line 2"},
      {"return 08;", "Invalid numeric literal"},
      {"\"\\u{zzz}\";", "Invalid UTF-8 codepoint escape sequence"},
      {"function f() { return 1;", "Unclosed '{'"},
  };
  for (const auto& [code, message] : cases) {
    const Diagnostic error = error_of("<?php\n" + std::string(code));
    EXPECT_EQ(error.severity, Severity::parse) << code;
    EXPECT_EQ(error.message, message) << code;
    EXPECT_EQ(error.line, 2u) << code;
  }
}

TEST(Compiler, CompileErrorsAreFatal) {
  const std::pair<const char*, const char*> cases[] = {
      {"break;", "'break' not in the 'loop' or 'switch' context"},
      {"while (1) { break 2; }", "Cannot 'break' 2 levels"},
      {"function f(){} function f(){}", "Cannot redeclare f() (previously declared in /x.php:2)"},
      {"class A { public $a; public $a; }", "Cannot redeclare A::$a"},
      {"class A { function f(){} function F(){} }", "Cannot redeclare A::F()"},
      {"class A { const X = 1; const X = 2; }", "Cannot redefine class constant A::X"},
      {"function f($a, $a) {}", "Redefinition of parameter $a"},
      {"$this = 5;", "Cannot re-assign $this"},
      {"try { }", "Cannot use try without catch or finally"},
      {"const A = foo();", "Constant expression contains invalid operations"},
      {"class self {}", "Cannot use 'self' as class name as it is reserved"},
      {"f() = 5;", "Can't use function return value in write context"},
      {"[] = $x;", "Cannot use empty list"},
      {"interface I { public $x; }", "Interfaces may not include properties"},
      {"abstract final class A {}", "Cannot use the final modifier on an abstract class"},
  };
  for (const auto& [code, message] : cases) {
    const Diagnostic error = error_of("<?php\n" + std::string(code));
    EXPECT_EQ(error.severity, Severity::fatal) << code;
    EXPECT_EQ(error.message, message) << code;
  }
}

TEST(Compiler, WarningsOfCompileTimeAreApart) {
  Arena arena;
  auto compiled = SubsetCompiler().compile("<?php\nfunction f($a = 1, $b) {}", "/x.php", arena);
  ASSERT_TRUE(compiled);
  ASSERT_EQ(compiled->warnings.size(), 1u);
  EXPECT_EQ(compiled->warnings[0].severity, Severity::deprecated);
  EXPECT_EQ(compiled->warnings[0].line, 2u);
}

TEST(Compiler, HaltNamesWhereTheDataBegin) {
  const std::string source = "<?php echo 1; __halt_compiler();DATA";
  Arena arena;
  auto compiled = SubsetCompiler().compile(source, "/x.php", arena);
  ASSERT_TRUE(compiled);
  EXPECT_EQ(source.substr(static_cast<std::size_t>(compiled->script->halt_offset)), "DATA");
}

TEST(Compiler, DeepNestingIsAnError) {
  for (const char* piece : {"[", "(", "{", "!", "-", "f(", "fn() => ", "if (1) ", "$a[", "new class { function f() { ",
                            "\"{$", "$", "&", "?int|("}) {
    std::string source = "<?php $x = ";
    if (piece[0] == '{' || piece[0] == 'i') source = "<?php ";
    for (int i = 0; i < 200000; ++i) source += piece;
    EXPECT_FALSE(error_of(source).message.empty()) << piece;
  }
}

// Garbage: any bytes give a graph or an error, and never a crash (seen under AddressSanitizer).
TEST(Compiler, SurvivesMutatedSource) {
  std::mt19937 random(20);
  std::vector<std::string> corpus;
  for (const auto& entry : std::filesystem::directory_iterator(data_folder())) {
    if (entry.path().extension() != ".php") continue;
    corpus.push_back(read_file(entry.path()));
    // Single lines, too: more of them still compile when changed, and run.
    std::istringstream lines(corpus.back());
    for (std::string line; std::getline(lines, line);) corpus.push_back("<?php " + line);
  }
  Limits limits;
  limits.steps = 20000;
  limits.stack_bytes = 512 * 1024;
  limits.value_bytes = 256 * 1024;
  for (int round = 0; round < 3000; ++round) {
    std::string source = corpus[random() % corpus.size()];
    for (unsigned edits = 1 + random() % 6; edits > 0 && !source.empty(); --edits) {
      const std::size_t at = random() % source.size();
      const std::string& other = corpus[random() % corpus.size()];
      switch (random() % 4) {
        case 0:
          source[at] = static_cast<char>(random());
          break;
        case 1:
          source.erase(at, random() % 20);
          break;
        case 2:
          source.insert(at, other.substr(random() % other.size(), random() % 40));
          break;
        default:
          source.resize(at);
      }
    }
    run_source(source, limits);
  }
}

TEST(OpaqueCompiler, MakesAScriptThatReturnsTheTextOfAnyFile) {
  for (const std::string source :
       {"<?php abstract class C { abstract function f(): static; }", "no 'script' \\ at all", "", "\\", "'"}) {
    Arena arena;
    const auto compiled = OpaqueCompiler().compile(source, "/x.php", arena);
    ASSERT_TRUE(compiled) << compiled.error().message;
    EXPECT_EQ(compiled->script->path->view(), "/x.php");
    RequestContext context;
    NoLoader loader;
    const auto builtins = standard_builtins();
    EXPECT_TRUE(identical(Interpreter(context, *builtins, loader).run(*compiled->script).value, Value(source)));
  }
}

}  // namespace
}  // namespace assay::reference::php
