// PL-ERR: preload scripts that fail, and what a start says of it.
#include "conformance/suite/preload/preloading.h"

using namespace assay::conformance;

namespace {

// That of a master, and of a program on the command line; of a master whose cache gives up, in PHP 8.3 and newer.
constexpr const char* status_of_failure = "status (70|1) ";
constexpr const char* status_of_exhaustion = "status (70|254|1) ";

// A start that fails after the preload script printed something.
class Failing : public Preloading {
 public:
  Failing(const Description& target, std::string code, std::string message)
      : Preloading(target), code_(std::move(code)), message_(std::move(message)) {}

 protected:
  void steps() override {
    worker();
    write("@/a.php", php("class A {} function fa() {}"));
    write("@/child.php", php("class Child extends Unknown {}"));
    write("@/broken.php", php("return 1 +;"));
    write("@/break.php", php("break;"));
    preload("echo 'it begins;'; " + code_);
    start_fails({"it begins;", status_of_failure, message_});
  }

 private:
  std::string code_, message_;
};

TestCase failing(const std::string& id, const std::string& title, const std::string& code, const std::string& message) {
  return clause_test<Failing>(id, title, with(code, message));
}

[[maybe_unused]] const bool failing_registered = register_tests({
    failing("PL-ERR-01/required", "a missing file that the preload script requires ends the start",
            "require __DIR__ . '/missing.php';", "Failed opening required '@/missing.php'"),
    failing("PL-ERR-02/exception", "an uncaught exception of the preload script ends the start",
            "throw new Exception('thrown away');", "Uncaught Exception: thrown away"),
    failing("PL-ERR-02/fatal", "a fatal error of the preload script ends the start", "no_such_function();",
            "undefined function no_such_function"),
    failing("PL-ERR-02/unknown-parent", "a required file whose class has an unknown parent ends the start",
            "require __DIR__ . '/child.php';", "Class \"Unknown\" not found"),
    failing("PL-ERR-03/exit", "a preload script that exits ends the start, whatever its status", "exit(0);", ""),
    failing("PL-ERR-04/uncaught", "a parse error that the preload script does not catch ends the start",
            "opcache_compile_file(__DIR__ . '/broken.php');", "[Ss]yntax error.*@/broken.php"),
    failing("PL-ERR-04/compile-error", "a compile error of a preloaded file ends the start, and cannot be caught",
            "try { opcache_compile_file(__DIR__ . '/break.php'); } catch (Throwable $e) { }",
            "'break' not in the 'loop' or 'switch' context in @/break.php"),
});

std::string many_strings(int count) {
  std::string code = "return [";
  for (int i = 0; i < count; ++i) code += "'key" + std::to_string(i) + "' => " + std::to_string(i) + ", ";
  return php(code + "];");
}

// A table of 223 slots: one for the preload script, one for what is no file, one for each other preloaded file.
class Slots : public Preloading {
 public:
  using Preloading::Preloading;

 protected:
  void preload_files(int files) {
    ini("opcache.max_accelerated_files", "200");
    for (int i = 0; i < files; ++i) write("@/" + std::to_string(i) + ".php", returns(i));
    preload("for ($i = 0; $i < " + std::to_string(files) + "; ++$i) opcache_compile_file(__DIR__ . \"/$i.php\");");
    write("@/first.php", returns("first"));
    write("@/second.php", returns("second"));
  }
};

}  // namespace

CLAUSE_TEST(Preloading, "PL-ERR-01/missing", "a preload script that is missing ends the start") {
  worker();
  ini("opcache.preload", "@/missing.php");
  start_fails({status_of_failure, "Failed opening required '@/missing.php'"});
}

CLAUSE_TEST(Preloading, "PL-ERR-01/directory", "a preload script that is a directory ends the start") {
  worker();
  make_directory("@/folder");
  ini("opcache.preload", "@/folder");
  start_fails({status_of_failure, "Failed opening required '@/folder'"});
}

CLAUSE_TEST(Preloading, "PL-ERR-01/included",
            "a missing file that the preload script includes or compiles only warns") {
  auto w = worker();
  preload("include " + file("missing.php") + "; var_dump(opcache_compile_file(" + file("gone.php") + ")); class P {}");
  start({"Failed opening '@/missing.php'", "Failed opening '@/gone.php'", "bool\\(false\\)"});
  expect(evaluate(w, has_class("P")), true);
}

CLAUSE_TEST(Preloading, "PL-ERR-02/parse-error", "a preload script that cannot be parsed ends the start") {
  worker();
  preload("return 1 +;");
  start_fails({status_of_failure, "[Ss]yntax error.*@/preload.php"});
}

CLAUSE_TEST(Preloading, "PL-ERR-04/caught", "a parse error that the preload script catches costs that file alone") {
  auto w = worker();
  write("@/broken.php", php("class Broken {} return 1 +;"));
  write("@/a.php", php("class A {}"));
  preload("try { " + compile("broken.php") + "} catch (ParseError $e) { echo 'caught ', $e->getLine(), ';'; } " +
          compile("a.php"));
  start({"caught 2;"});
  expect(evaluate(w, "[" + has_class("Broken") + ", " + has_class("A") + "]"), list_of({false, true}));
  expect(w.status(), lacks({"scripts", "@/broken.php"}));
}

CLAUSE_TEST(Preloading, "PL-ERR-05/memory", "preloaded code that does not fit into memory ends the start") {
  worker();
  ini("opcache.memory_consumption", "8");
  ini("opcache.interned_strings_buffer", "1");
  ini("memory_limit", "1G");
  for (int i = 0; i < 4; ++i) write("@/" + std::to_string(i) + ".php", many_strings(60'000));
  preload("for ($i = 0; $i < 4; ++$i) opcache_compile_file(__DIR__ . \"/$i.php\");");
  start_fails({status_of_exhaustion, "Fatal Error .*opcache.memory_consumption"});
}

CLAUSE_TEST(Slots, "PL-ERR-06/one-slot-left", "one slot is left for a script where preloading leaves one") {
  auto w = worker();
  preload_files(220);
  start();
  expect(w.include("@/first.php"), "first");
  expect(w.include("@/second.php"), "second");
  expect(w.status(), all_of({at(status_path::max_keys, 223), at(status_path::keys, 223), at(status_path::full, true),
                             has({"scripts", "@/first.php"}), lacks({"scripts", "@/second.php"})}));
}

CLAUSE_TEST(Slots, "PL-ERR-06/full", "a table that preloading fills serves, and stores nothing more") {
  auto w = worker();
  preload_files(221);
  start();
  expect(w.include("@/first.php"), "first");
  expect(w.status(), all_of({at(status_path::keys, 223), at(status_path::full, true), lacks({"scripts", "@/first.php"}),
                             has({"scripts", "@/220.php"})}));
}

CLAUSE_TEST(Slots, "PL-ERR-06/too-many", "more preloaded files than the table has slots end the start") {
  worker();
  preload_files(222);
  start_fails({status_of_exhaustion, "Fatal Error .*opcache.max_accelerated_files"});
}

CLAUSE_TEST(Preloading, "PL-ERR-07/warnings", "warnings of the preload script and of linking do not stop the start") {
  auto w = worker();
  write("@/a.php", php("class A {}"));
  write("@/unlinked.php", php("class Unlinked extends Unknown {}"));
  preload("echo $undefined; " + compile("unlinked.php") + compile("a.php"));
  start({"Undefined variable \\$undefined", "Can't preload unlinked class Unlinked"});
  expect(evaluate(w, "[" + has_class("Unlinked") + ", " + has_class("A") + "]"), list_of({false, true}));
}

CLAUSE_TEST(Preloading, "PL-ERR-08/logs",
            "messages of preloading are in the output and the error log, not in the log of the cache") {
  needs("script_cache.log");
  ini("error_log", "@/errors");
  ini("opcache.error_log", "@/internal");
  ini("opcache.log_verbosity_level", "4");
  auto w = worker();
  write("@/unlinked.php", php("class Unlinked extends Unknown {}"));
  write("@/b.php", returns(1));
  preload(compile("unlinked.php"));
  start({"Warning: Can't preload unlinked class Unlinked"});
  expect(w.read_file("@/errors"), matches("Warning: +Can't preload unlinked class Unlinked"));
  w.include("@/b.php");
  expect(w.read_file("@/internal"), all_of({matches("b\\.php"), negated(matches("unlinked class"))}));
}

CLAUSE_TEST(Preloading, "PL-ERR-09/reload", "a preload script that fails in a reload ends the server") {
  auto w = worker();
  preload("class P {}");
  start();
  expect(evaluate(w, has_class("P")), true);
  write("@/preload.php", php("throw new Exception('not again');"));
  reload_fails({status_of_failure, "not again"});
}
