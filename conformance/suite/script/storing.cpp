// SC-ALL, SC-PER, SC-STA, SC-LIF: memory, what is stored, and what the status says of it.
#include "conformance/suite/script/common.h"
#include "conformance/vocabulary/status_paths.h"

using namespace assay::conformance;
using namespace std::chrono_literals;

CLAUSE_TEST(Scenario, "SC-SEG-01/sum", "SC-ALL-03 SC-SIZ-01",
            "the parts of memory always add up to the configured size") {
  ini("opcache.memory_consumption", "16");
  auto [one, two] = workers<2>();
  const auto is_total = [](std::int64_t mebibytes) {
    return at({"directives", "opcache.memory_consumption"}, mebibytes << 20);
  };
  expect(one.configuration(), is_total(16));
  auto before = one.status();
  write("@/a.php", returns(Value::list({1, 2, 3})));
  one.include("@/a.php");
  auto stored = two.status();
  expect(stored, negated(at_least(before, free_memory)));
  expect(one.invalidate("@/a.php", true), true);
  expect(two.status(), all_of({same_as(stored, free_memory), negated(at_least(stored, used))}));
}

CLAUSE_TEST(Scenario, "SC-ALL-01/free-memory", "free memory never grows between two restarts") {
  auto w = worker();
  auto before = w.status();
  write("@/a.php", returns(1));
  w.include("@/a.php");
  auto stored = w.status();
  expect(stored, at_most(before, free_memory));
  w.invalidate("@/a.php", true);
  remove("@/a.php");
  expect(w.status(), same_as(stored, free_memory));
}

CLAUSE_TEST(Scenario, "SC-ALL-08/unstored", "a compilation that is not stored costs nothing shared") {
  auto w = worker();
  write("@/young.php", returns(Value::list({1, 2, 3})), 0);
  auto before = w.status();
  w.include("@/young.php");
  expect(w.status(), all_of({same_as(before, used), same_as(before, free_memory), same_as(before, wasted)}));
}

CLAUSE_TEST(Scenario, "SC-PER-02/static-variables", "GU-VAL-05",
            "static variables and constant arrays start anew in every request") {
  auto [one, two] = workers<2>();
  write("@/a.php",
        php("function f() { static $n = 5; return ++$n; }\n$a = ['x' => 1]; $a['x'] = 2; return [f(), f(), $a];"));
  const Value expected = Value::list({6, 7, Value::map({{"x", 2}})});
  expect(one.include("@/a.php"), expected);
  expect(one.include("@/a.php"), expected);
  expect(two.include("@/a.php"), expected);
}

CLAUSE_TEST(Scenario, "SC-PER-03/parse-error",
            "a file with a parse error is never stored and fails the same way each time") {
  auto w = worker();
  write("@/broken.php", php("return [1;"));
  auto before = w.status();
  expect(w.include("@/broken.php"), throws("ParseError"));
  expect(w.include("@/broken.php"), throws("ParseError"));
  expect(w.status(), all_of({grew(misses, 2, before), lacks({"scripts", "@/broken.php"})}));
}

CLAUSE_TEST(Scenario, "SC-PER-03/included-with-parse-error", "GU-VAL-07",
            "include_once does not try a file with a parse error again in the same request") {
  auto [one, two] = workers<2>();
  write("@/broken.php", php("return [1;"));
  for (WorkerHandle worker : {one, two, one}) {
    auto r = worker.request();
    expect(r.include("@/broken.php"), throws("ParseError"));
    expect(r.included_files(), Value::list({}));
    expect(r.include_once("@/broken.php"), throws("ParseError"));
    expect(r.included_files(), Value::list({"@/broken.php"}));
    expect(r.include_once("@/broken.php"), true);
  }
}

CLAUSE_TEST(Scenario, "SC-PER-03/mended-file",
            "a corrected file is compiled at the next use, even without validation") {
  ini("opcache.validate_timestamps", "0");
  auto [one, two] = workers<2>();
  write("@/broken.php", php("return [1;"));
  for (WorkerHandle worker : {one, two}) expect(worker.include("@/broken.php"), throws("ParseError"));
  write("@/broken.php", returns("mended"));
  for (WorkerHandle worker : {one, two, one}) expect(worker.include("@/broken.php"), "mended");
}

CLAUSE_TEST(Scenario, "SC-PER-08/included-files", "each included file is an entry with its own hits") {
  auto w = worker();
  write("@/lib.php", returns("lib"));
  write("@/main.php", php("return include __DIR__ . '/lib.php';"));
  expect(w.include("@/main.php"), "lib");
  expect(w.include("@/main.php"), "lib");
  expect(w.include("@/lib.php"), "lib");
  expect(w.status(), all_of({at({"scripts", "@/main.php", "hits"}, 1), at({"scripts", "@/lib.php", "hits"}, 2)}));
}

CLAUSE_TEST(Scenario, "SC-PER-09/hit", "GU-VAL-07", "a hit does what a first include does") {
  auto [one, two] = workers<2>();
  write("@/a.php",
        php("echo 'top';\nfunction g() { return __FILE__; }\nclass K { public static $s = [1]; }\nK::$s[] = 2;\n"
            "return [g(), __DIR__, K::$s];"));
  const Value value = Value::list({"@/a.php", "@", Value::list({1, 2})});
  expect(one.include("@/a.php"), all_of({equals(value), prints("top")}));
  expect(two.include("@/a.php"), all_of({equals(value), prints("top")}));
  expect(one.include("@/a.php"), all_of({equals(value), prints("top")}));
}

CLAUSE_TEST(Scenario, "SC-PER-09/no-return", "a file without a return gives 1") {
  auto w = worker();
  write("@/a.php", php("$x = 5;"));
  expect(w.include("@/a.php"), 1);
  expect(w.include("@/a.php"), 1);
}

CLAUSE_TEST(Scenario, "SC-PER-06/redeclared-function", "caching does not hide that a function is declared twice") {
  auto w = worker();
  write("@/a.php", php("function twice() {} return 'a';"));
  write("@/b.php", php("function twice() {} return 'b';"));
  expect(w.include("@/a.php"), "a");
  expect(w.include("@/b.php"), "b");
  auto r = w.request();
  r.ends("aborted");
  expect(r.include("@/a.php"), "a");
  r.include("@/b.php");
  expect(w.include("@/b.php"), "b");
}

CLAUSE_TEST(Scenario, "SC-EXC-06/empty-file", "an empty file is cached and gives 1") {
  auto w = worker();
  write("@/empty.php", "");
  expect(w.include("@/empty.php"), 1);
  expect(w.is_cached("@/empty.php"), true);
  expect(w.include("@/empty.php"), 1);
}

CLAUSE_TEST(Scenario, "SC-EXC-05/size-limit",
            "a file larger than the limit is not stored; one of exactly the limit is") {
  ini("opcache.max_file_size", "100");
  auto w = worker();
  const std::string head = "<?php return 1; //";
  write("@/exact.php", head + std::string(100 - head.size(), 'x'));
  write("@/larger.php", head + std::string(101 - head.size(), 'x'));
  auto r = w.request();
  auto before = r.status();
  expect(r.include("@/exact.php"), 1);
  expect(r.include("@/larger.php"), 1);
  expect(r.is_cached("@/exact.php"), true);
  expect(r.is_cached("@/larger.php"), false);
  expect(r.status(), grew(status_path::blacklist_misses, 1, before));
}

CLAUSE_TEST(Scenario, "SC-STA-02/scripts-listed", "scripts are listed with true or no argument, not with false") {
  auto w = worker();
  expect(w.status(), at({"scripts"}, Elements{}));
  write("@/a.php", returns(1));
  w.include("@/a.php");
  expect(w.status(true),
         all_of({has({"scripts", "@/a.php", "hits"}), has({"scripts", "@/a.php", "memory_consumption"}),
                 has({"scripts", "@/a.php", "last_used"}), at({"scripts", "@/a.php", "last_used_timestamp"}, now())}));
  expect(w.status(false), lacks({"scripts"}));
}

CLAUSE_TEST(Scenario, "SC-STA-03/hits", "each use of a valid entry is a hit of the cache and of the entry") {
  auto [one, two] = workers<2>();
  write("@/a.php", returns(1));
  one.include("@/a.php");
  auto before = one.status();
  one.include("@/a.php");
  two.include("@/a.php");
  one.require("@/a.php");
  two.compile_file("@/a.php");
  expect(one.status(), all_of({grew(hits, 4, before), grew({"scripts", "@/a.php", "hits"}, 4, before)}));
}

CLAUSE_TEST(Scenario, "SC-STA-05/missing-file", "a missing file counts nothing") {
  auto w = worker();
  auto before = w.status();
  expect(w.include("@/missing.php"), false);
  expect(w.status(), all_of({grew(misses, 0, before), grew(hits, 0, before)}));
}

CLAUSE_TEST(Scenario, "SC-STA-05/removed-file", "a removed file that is still listed counts a miss each time") {
  ini("opcache.revalidate_freq", "2");
  auto w = worker();
  write("@/a.php", returns(1));
  expect(w.include("@/a.php"), 1);
  remove("@/a.php");
  advance_clock(300s);
  for (int i = 0; i < 2; ++i) {
    auto r = w.request();
    auto before = r.status();
    expect(r.include("@/a.php"), false);
    expect(r.status(), all_of({grew(misses, 1, before), has({"scripts", "@/a.php"})}));
  }
}

CLAUSE_TEST(Scenario, "SC-STA-07/times", "last_used is the request time of the latest use, timestamp the file's time") {
  auto w = worker();
  write("@/a.php", returns(1), 700);
  w.include("@/a.php");
  advance_clock(1s);
  w.include("@/a.php");
  expect(w.status(), all_of({at({"scripts", "@/a.php", "last_used_timestamp"}, now()),
                             at({"scripts", "@/a.php", "timestamp"}, clock_start - 700)}));
}

CLAUSE_TEST(Scenario, "SC-STA-09/fresh-server", "a fresh server has nothing") {
  auto w = worker();
  expect(w.status(),
         all_of({at(status_path::enabled, true), at(status_path::full, false), at(status_path::pending, false),
                 at(status_path::in_progress, false), at(hits, 0), at(misses, 0), at(wasted, 0),
                 at(status_path::scripts, 0), at(status_path::oom_restarts, 0), at(status_path::last_restart, 0),
                 at(status_path::hit_rate, 0.0)}));
}

CLAUSE_TEST(Scenario, "SC-INT-01/sum", "used and free bytes of the interned strings add up to the buffer") {
  auto w = worker();
  write("@/a.php", returns(Value::map({{"some_rare_key", "some rare string"}})));
  w.include("@/a.php");
  expect(w.status(), sums_up({status_path::strings_used, status_path::strings_free}, status_path::strings_size));
}

CLAUSE_TEST(Scenario, "SC-INT-03/restart", "a restart gives the interned strings back") {
  auto w = worker();
  auto fresh = w.status();
  write("@/a.php", returns(Value::map({{"some_rare_key", "some rare string"}})));
  w.include("@/a.php");
  expect(w.reset(), true);
  expect(w.status(), all_of({same_as(fresh, status_path::strings_used), same_as(fresh, status_path::strings_number)}));
}

CLAUSE_TEST(Scenario, "SC-LIF-02/replaced-worker", "SC-LCK-09",
            "a worker that replaces a killed one sees all entries") {
  auto [one, two] = workers<2>();
  write("@/a.php", returns(1));
  one.include("@/a.php");
  kill(one);
  expect(one.is_cached("@/a.php"), true);
  expect(two.is_cached("@/a.php"), true);
  expect(one.include("@/a.php"), 1);
}

CLAUSE_TEST(Scenario, "SC-LIF-02/reload", "SC-LIF-04", "a reload starts with an empty cache") {
  auto w = worker();
  write("@/a.php", returns(1));
  w.include("@/a.php");
  reload();
  expect(w.status(), all_of({lacks({"scripts", "@/a.php"}), at(status_path::scripts, 0)}));
  expect(w.include("@/a.php"), 1);
}
