// GU-VAL-07: programs whose result a cache must not change. What is expected is what PHP does without a cache.
#include "conformance/registry/registration.h"
#include "conformance/scenario/scenario.h"

using namespace assay::conformance;
using namespace std::chrono_literals;

namespace {

class WithAndWithout : public Scenario {
 public:
  explicit WithAndWithout(const Description& target) : Scenario(target) { needs("script_cache"); }

 protected:
  // A class that is used above its declaration.
  void write_early_use() { write("@/early.php", php("return Kept::VALUE; class Kept { const VALUE = 'kept'; }")); }
};

}  // namespace

CLAUSE_TEST(WithAndWithout, "GU-VAL-07/compiled-early-use", "a class is known above its declaration after a compile") {
  auto [one, two] = workers<2>();
  write_early_use();
  expect(one.include("@/early.php"), "kept");
  expect(one.invalidate("@/early.php", true), true);
  expect(one.compile_file("@/early.php"), true);
  expect(two.include("@/early.php"), "kept");
}

CLAUSE_TEST(WithAndWithout, "GU-VAL-07/compile-and-early-use",
            "a class is known above its declaration in the request that compiled it") {
  auto w = worker();
  write_early_use();
  auto r = w.request();
  expect(r.compile_file("@/early.php"), true);
  expect(r.include("@/early.php"), "kept");
}

CLAUSE_TEST(WithAndWithout, "GU-VAL-07/runs-up-to-redeclared", "SC-PER-09",
            "a second include of a class runs the code above the declaration") {
  auto w = worker();
  write("@/twice.php", php("echo 'ran '; class Twice {} return 1;"));
  for (int use = 0; use < 2; ++use) {
    auto r = w.request();
    r.ends("aborted");
    expect(r.include("@/twice.php"), 1);
    expect(r.include("@/twice.php"), all_of({throws("Fatal error", "Twice"), prints("ran ")}));
  }
}

CLAUSE_TEST(WithAndWithout, "GU-VAL-07/early-return",
            "a file that returns where its class is known can be included twice") {
  auto w = worker();
  write("@/guarded.php",
        php("if (class_exists('Guarded', false)) return 'known'; class Guarded {} return 'declared';"));
  for (int use = 0; use < 2; ++use) {
    auto r = w.request();
    expect(r.include("@/guarded.php"), "known");
    expect(r.include("@/guarded.php"), "known");
  }
}

CLAUSE_TEST(WithAndWithout, "GU-VAL-07/compile-then-once", "SC-API-07",
            "compiling a cached file does not count as including it") {
  auto w = worker();
  write("@/a.php", returns("ran"));
  expect(w.include("@/a.php"), "ran");
  auto r = w.request();
  expect(r.compile_file("@/a.php"), true);
  expect(r.included_files(), Value::list({}));
  expect(r.include_once("@/a.php"), "ran");
}

CLAUSE_TEST(WithAndWithout, "GU-VAL-07/compile-then-include", "SC-API-08",
            "compiling a cached file declares no class: including it works") {
  auto w = worker();
  write("@/c.php", php("class OfFile {} return 'ran';"));
  expect(w.include("@/c.php"), "ran");
  auto r = w.request();
  expect(r.compile_file("@/c.php"), true);
  expect(r.include("@/c.php"), "ran");
}

CLAUSE_TEST(WithAndWithout, "GU-VAL-07/failed-once", "a failed include_once does not count as an inclusion") {
  ini("opcache.revalidate_freq", "0");
  auto w = worker();
  write("@/b.php", returns(1));
  expect(w.include("@/b.php"), 1);
  remove("@/b.php");
  auto r = w.request();
  expect(r.include_once("@/b.php"), false);
  expect(r.included_files(), Value::list({}));
  expect(r.include_once("@/b.php"), false);
}

CLAUSE_TEST(WithAndWithout, "GU-VAL-07/once-moved-folder", "GU-IDN-01 SC-KEY-08",
            "a script whose folder moved and left a link runs once by both of its names") {
  ini("opcache.revalidate_freq", "0");
  auto [one, two] = workers<2>();
  write("@/site/a.php", php("return __FILE__;"));
  expect(one.include_once("@/site/a.php"), "@/site/a.php");
  move("@/site", "@/store");
  make_link("@/site", "store");
  advance_clock(130s);
  for (WorkerHandle each : {one, two}) {
    auto r = each.request();
    expect(r.include_once("@/site/a.php"), "@/store/a.php");
    expect(r.include_once("@/store/a.php"), true);
    expect(r.included_files(), Value::list({"@/store/a.php"}));
  }
}

CLAUSE_TEST(WithAndWithout, "GU-VAL-07/negative-keys", "SC-PER-09", "an array literal continues after a negative key") {
  auto [one, two] = workers<2>();
  write("@/a.php", php("$x = 'a'; $a = [-5 => $x, 'b']; $a[] = 'c'; return [[-5 => 'a', 'b'], $a];"));
  const Value literal = Value::map({{-5, "a"}, {-4, "b"}});
  const Value appended = Value::map({{-5, "a"}, {-4, "b"}, {-3, "c"}});
  for (WorkerHandle each : {one, two}) expect(each.include("@/a.php"), Value::list({literal, appended}));
}

CLAUSE_TEST(WithAndWithout, "GU-VAL-07/shebang", "SC-PER-09",
            "a first line that begins with #! is printed by an include") {
  auto [one, two] = workers<2>();
  write("@/a.php", "#!/usr/bin/php\n<?php return 1;");
  for (WorkerHandle each : {one, two}) {
    expect(each.include("@/a.php"), all_of({equals(1), prints("#!/usr/bin/php\n")}));
  }
}

CLAUSE_TEST(WithAndWithout, "SC-PER-04/recorded-with-child", "GU-VAL-07",
            "recorded warnings of a file with a class and its child are replayed") {
  ini("opcache.record_warnings", "1");
  auto [one, two] = workers<2>();
  write("@/a.php",
        php("class Base {} class Child extends Base {} foreach ([1] as $x) { switch ($x) { case 1: continue; } } "
            "return 1;"));
  for (WorkerHandle each : {one, two, one}) {
    expect(each.include("@/a.php"), all_of({equals(1), diagnoses(has_length(1))}));
  }
}
