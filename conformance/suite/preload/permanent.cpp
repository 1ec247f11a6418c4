// PL-SET: what becomes permanent.
#include "conformance/suite/preload/preloading.h"

using namespace assay::conformance;

CLAUSE_TEST(Preloading, "PL-SET-01/declarations",
            "functions, classes, interfaces, traits and enums exist in each request of each worker") {
  auto [one, two] = workers<2>();
  write("@/a.php", php("class A {} interface I {} function fa() { return 'fa'; } "
                       "trait T { function t() { return __CLASS__; } } enum E: string { case One = '1'; }"));
  write("@/b.php",
        php("namespace N; final class B extends \\A implements \\I { use \\T; } function fb() { return 'fb'; }"));
  preload(compile("b.php") + compile("a.php"));
  start();
  for (WorkerHandle worker : {one, two, one})
    expect(evaluate(worker,
                    "[class_exists('A', false), interface_exists('I', false), trait_exists('T', false), "
                    "enum_exists('E', false), fa(), N\\fb(), (new N\\B)->t(), new N\\B instanceof A, "
                    "E::from('1')->name]"),
           list_of({true, true, true, true, "fa", "fb", "N\\B", true, "One"}));
}

CLAUSE_TEST(Preloading, "PL-SET-01/no-autoload", "no autoloader is called for a preloaded class") {
  auto w = worker();
  write("@/a.php", php("interface I {} class A {} class B extends A implements I {}"));
  preload(compile("a.php"));
  start();
  expect(evaluate(w, "[(new B) instanceof I, class_exists('A'), class_exists('Other'), $called]",
                  "$called = []; spl_autoload_register(function ($name) use (&$called) { $called[] = $name; });"),
         list_of({true, true, false, Value::list({"Other"})}));
}

CLAUSE_TEST(Preloading, "PL-SET-02/included-files", "preloaded files are not in the list of included files") {
  auto w = worker();
  write("@/a.php", php("class A {}"));
  write("@/b.php", php("class B {}"));
  preload(compile("a.php") + require_file("b.php"));
  start();
  expect(evaluate(w,
                  "array_map(fn($name) => in_array(__DIR__ . '/' . $name, get_included_files()), ['preload.php', "
                  "'a.php', 'b.php'])"),
         list_of({false, false, false}));
}

CLAUSE_TEST(Preloading, "PL-SET-03/constants",
            "constants, variables and autoloaders of the preload run do not exist in requests") {
  auto w = worker();
  write("@/a.php", php("const C3 = 3; $loaded = 4;"));
  preload(
      "const C1 = 1; define('C2', 2); $variable = 3; spl_autoload_register(function ($name) { echo \"load $name\"; "
      "}); " +
      require_file("a.php") + "class P {}");
  start();
  expect(evaluate(w,
                  "[class_exists('P', false), defined('C1'), defined('C2'), defined('C3'), isset($variable), "
                  "isset($loaded), class_exists('Unknown')]"),
         all_of({list_of({true, false, false, false, false, false, false}), prints("")}));
}

CLAUSE_TEST(Preloading, "PL-SET-03/settings",
            "settings and error handlers of the preload run are not those of requests") {
  needs_whole_language();
  auto w = worker();
  preload("ini_set('include_path', '/elsewhere'); set_error_handler(function () { echo 'handled'; return true; });");
  start();
  expect(evaluate(w, "[get_include_path() === '/elsewhere', $undefined]"),
         all_of({list_of({false, Value()}), prints(""), diagnoses(has_length(1))}));
}

CLAUSE_TEST(Preloading, "PL-SET-03/its-end",
            "shutdown functions and destructors of the preload run are called at its end") {
  needs_whole_language();
  auto w = worker();
  preload(
      "class P { function __destruct() { echo 'destroyed;'; } } $p = new P; "
      "register_shutdown_function(function () { echo 'shut down;'; }); echo 'ends;';");
  start({"ends;shut down;destroyed;"});
  expect(evaluate(w, "[" + has_class("P") + ", isset($GLOBALS['p'])]"), list_of({true, false}));
}

CLAUSE_TEST(Preloading, "PL-SET-04/preload-script", "what the preload script itself declares is preloaded") {
  auto w = worker();
  preload(
      "class P {} function fp() { return 'fp'; } if (strlen(__FILE__) > 0) { class Q extends P {} function fq() { "
      "return 'fq'; } } if (strlen(__FILE__) < 0) { class Unmade {} }");
  start();
  expect(evaluate(w, "[(new Q) instanceof P, fp(), fq(), " + has_class("Unmade") + "]"),
         list_of({true, "fp", "fq", false}));
}

CLAUSE_TEST(Preloading, "PL-SET-04/eval", "what the preload script declares by eval is preloaded") {
  needs_whole_language();
  auto w = worker();
  preload("class P {} eval('class V extends P {} function fv() { return \"fv\"; }');");
  start();
  expect(evaluate(w, "[(new V) instanceof P, fv()]"), list_of({true, "fv"}));
}

CLAUSE_TEST(Preloading, "PL-SET-05/statics", "static variables and properties begin anew in each request") {
  auto [one, two] = workers<2>();
  write("@/a.php", php("trait T { static $t = [1]; static function t() { static $n = 3; self::$t[] = ++$n; return "
                       "self::$t; } } class A { use T; public static $s = 5; } class B extends A {} class C { use T; } "
                       "function fa() { static $n = 7; return ++$n; }"));
  preload(compile("a.php"));
  start();
  for (WorkerHandle worker : {one, two, one, one})
    expect(evaluate(worker, "[++A::$s, ++B::$s, fa(), fa(), A::t(), C::t()]"),
           list_of({6, 7, 8, 9, Value::list({1, 4}), Value::list({1, 4})}));
}

CLAUSE_TEST(Preloading, "PL-SET-06/redeclared", "PL-REQ-09", "no pool declares a preloaded name a second time") {
  auto [one, two] = workers<2>();
  write("@/a.php", php("class A { const C = 'preloaded'; } function fa() {}"));
  preload(compile("a.php"));
  start();
  write("@/class.php", php("class A { const C = 'other'; }"));
  write("@/function.php", php("function fa() {}"));
  for (WorkerHandle worker : {one, two, one}) {
    expect(evaluate(worker, "A::C"), "preloaded");
    expect_fatal(worker, "@/class.php", "Cannot (re)?declare class A");
    expect_fatal(worker, "@/function.php", "Cannot redeclare (function )?fa\\(\\)");
  }
}

CLAUSE_TEST(Preloading, "PL-SET-06/name-of-another-kind", "PL-REQ-09",
            "an interface, a trait or an enum of a preloaded class's name is not declared") {
  auto w = worker();
  write("@/a.php", php("class A {} interface I {}"));
  preload(compile("a.php"));
  start();
  int number = 0;
  for (const char* declaration : {"interface A {}", "trait A {}", "enum A {}", "class I {}"}) {
    const std::string path = "@/again" + std::to_string(++number) + ".php";
    write(path, php(declaration));
    expect_fatal(w, path, "Cannot (re)?declare [a-z]+ [AI]");
  }
}

CLAUSE_TEST(PreloadedFile, "PL-SET-07/removed", "preloaded code is used, and included, after its file has gone") {
  auto [one, two] = workers<2>();
  begin();
  expect_old(one);
  remove("@/a.php");
  for (WorkerHandle worker : {one, two}) {
    expect_old(worker);
    expect(worker.include("@/a.php"), all_of({equals(7), prints("ran old;")}));
    expect(worker.is_cached("@/a.php"), true);
  }
}

CLAUSE_TEST(PreloadedFile, "PL-SET-07/moved", "preloaded code is used after its folder has moved") {
  auto w = worker();
  preload(compile("lib/a.php"));
  write("@/lib/a.php", source("old"));
  start();
  move("@/lib", "@/elsewhere");
  expect_old(w);
  expect(w.include("@/lib/a.php"), all_of({equals(7), prints("ran old;")}));
  expect_fatal(w, "@/elsewhere/a.php", "Cannot (re)?declare");
}

CLAUSE_TEST(PreloadedFile, "PL-SET-07/unreadable", "SC-SEC-01",
            "a user who may not read a preloaded file has what is in it") {
  needs("workers.users");
  auto w = worker({{"user", "nobody"}});
  begin();
  set_mode("@/a.php", 0);
  expect_old(w);
  expect(w.include("@/a.php"), all_of({equals(7), prints("ran old;")}));
  expect(w.read_file("@/a.php"), false);
}

CLAUSE_TEST(PreloadedFile, "PL-SET-07/validated", "SC-SEC-01",
            "with validated permissions a preloaded file is not included by a user who may not read it") {
  needs("workers.users");
  ini("opcache.validate_permission", "1");
  auto w = worker({{"user", "nobody"}});
  begin();
  expect(w.include("@/a.php"), all_of({equals(7), prints("ran old;")}));
  set_mode("@/a.php", 0);
  expect(w.include("@/a.php"), all_of({equals(false), diagnoses(at({0}, matches("Failed opening '@/a.php'")))}));
  expect_old(w);
}

CLAUSE_TEST(PreloadedFile, "PL-SET-08/blacklist", "a file of the blacklist is preloaded and listed") {
  needs("script_cache.blacklist");
  ini("opcache.blacklist_filename", "@/list");
  auto w = worker();
  write("@/list", "a*.php\n");
  begin();
  expect_old(w);
  expect(w.is_cached("@/a.php"), true);
  expect(w.include("@/a.php"), 7);
}

CLAUSE_TEST(PreloadedFile, "PL-SET-08/young", "a file that was written just now is preloaded and listed") {
  ini("opcache.file_update_protection", "3600");
  auto w = worker();
  preload(compile("a.php"));
  write("@/a.php", source("old"), 1);
  start();
  expect_old(w);
  expect(w.is_cached("@/a.php"), true);
}

CLAUSE_TEST(Preloading, "PL-SET-08/large", "a file beyond the size limit is preloaded and listed") {
  ini("opcache.max_file_size", "100");
  auto w = worker();
  write("@/a.php", php("class A {} // " + std::string(200, 'x')));
  write("@/b.php", php("return 1; // " + std::string(200, 'x')));
  preload(compile("a.php"));
  start();
  expect(evaluate(w, has_class("A")), true);
  expect(w.is_cached("@/a.php"), true);
  expect(w.include("@/b.php"), 1);
  expect(w.is_cached("@/b.php"), false);
}

CLAUSE_TEST(Preloading, "PL-SET-09/aliases", "an alias that the preload script makes exists in each request") {
  needs_whole_language();
  auto [one, two] = workers<2>();
  preload("class P { const C = 'c'; } class_alias('P', 'N\\\\Alias');");
  start();
  for (WorkerHandle worker : {one, two, one})
    expect(evaluate(worker, "[class_exists('n\\\\alias', false), N\\Alias::C, new N\\Alias instanceof P]"),
           list_of({true, "c", true}));
}

CLAUSE_TEST(Preloading, "PL-SET-09/changed-statics", "PL-SET-05",
            "statics that the preload script changed begin with their declared values") {
  auto w = worker();
  write("@/a.php", php("class A { public static $s = 1; public static $list = [1]; } class B extends A {} "
                       "function fa() { static $n = 0; return ++$n; }"));
  preload(require_file("a.php") + "A::$s = 9; B::$list[] = 2; fa(); fa(); echo 'counted ', fa(), ';';");
  start({"counted 3;"});
  expect(evaluate(w, "[A::$s, B::$s, A::$list, B::$list, fa()]"),
         list_of({1, 1, Value::list({1}), Value::list({1}), 1}));
}
