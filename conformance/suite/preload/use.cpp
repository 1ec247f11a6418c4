// PL-REQ: how requests use preloaded files.
#include "conformance/suite/preload/preloading.h"

using namespace assay::conformance;

CLAUSE_TEST(PreloadedFile, "PL-REQ-01/include",
            "including a preloaded file runs its code each time, and skips what is declared") {
  auto w = worker();
  begin();
  auto r = w.request();
  for (int i = 0; i < 3; ++i)
    expect(r.include("@/a.php"), all_of({equals(7), prints("ran old;"), diagnoses(has_length(0))}));
  expect(w.require("@/a.php"), all_of({equals(7), prints("ran old;")}));
}

CLAUSE_TEST(PreloadedFile, "PL-REQ-01/before-and-after",
            "a required file runs at the start and in each request that includes it") {
  auto w = worker();
  preload(require_file("a.php"));
  write("@/a.php", source("old"));
  start({"ran old;"});
  expect(w.include("@/a.php"), all_of({equals(7), prints("ran old;")}));
  expect_old(w);
}

CLAUSE_TEST(PreloadedFile, "PL-REQ-02/once",
            "the first include_once of a request runs a preloaded file, later ones do not") {
  auto w = worker();
  begin();
  for (int i = 0; i < 2; ++i) {
    auto r = w.request();
    expect(r.include_once("@/a.php"), all_of({equals(7), prints("ran old;")}));
    expect(r.include_once("@/a.php"), all_of({equals(true), prints("")}));
    expect(r.require_once("@/a.php"), all_of({equals(true), prints("")}));
  }
}

CLAUSE_TEST(Preloading, "PL-REQ-03/unlinked",
            "a class that was not linked is declared by an include, once its parent exists") {
  auto w = worker();
  write("@/a.php", php("class Child implements Face {} function fa() { return 'fa'; } return 'a';"));
  write("@/face.php", php("interface Face {}"));
  preload(compile("a.php"));
  start();
  for (int i = 0; i < 2; ++i)
    expect(evaluate(w, "[" + has_class("Child") +
                           ", include __DIR__ . '/face.php', include __DIR__ . '/a.php', "
                           "new Child instanceof Face, fa()]"),
           list_of({false, 1, "a", true, "fa"}));
  expect(w.include("@/a.php"), throws("Error", "Interface \"Face\" not found"));
}

CLAUSE_TEST(PreloadedFile, "PL-REQ-04/changed", "a changed file of a preloaded script is not looked at") {
  ini("opcache.revalidate_freq", "0");
  auto [one, two] = workers<2>();
  begin();
  expect_old(one);
  write("@/a.php", source("new"), 10);
  advance_clock(std::chrono::seconds(100));
  for (WorkerHandle worker : {one, two}) {
    expect_old(worker);
    expect(worker.include("@/a.php"), all_of({equals(7), prints("ran old;")}));
    expect(worker.is_cached("@/a.php"), true);
  }
}

CLAUSE_TEST(PreloadedFile, "PL-REQ-05/unforced",
            "an invalidation of a preloaded file, even unchanged, makes its next include fatal") {
  auto [one, two] = workers<2>();
  begin();
  auto before = one.status();
  expect(one.invalidate("@/a.php"), true);
  expect(two.is_cached("@/a.php"), false);
  expect_old(two);
  expect(one.status(), all_of({differs_from(before, status_path::wasted), at_least(before, status_path::wasted)}));
  expect_fatal(two, "@/a.php", "Cannot (re)?declare");
  expect_old(two);
}

CLAUSE_TEST(PreloadedFile, "PL-REQ-05/changed",
            "an invalidation brings in neither classes nor functions of a new source") {
  auto w = worker();
  begin();
  write("@/a.php", source("new"), 10);
  expect(w.invalidate("@/a.php", true), true);
  expect_old(w);
  auto before = w.status();
  expect_fatal(w, "@/a.php", "Cannot (re)?declare");
  expect(w.status(), grew(status_path::misses, 1, before));
  expect_old(w);
}

CLAUSE_TEST(PreloadedFile, "PL-REQ-05/no-declarations",
            "an invalidated preloaded file that declares nothing is compiled anew from its source") {
  auto w = worker();
  preload(compile("plain.php") + "class P {}");
  write("@/plain.php", returns("old"));
  start();
  write("@/plain.php", returns("new"), 10);
  expect(w.include("@/plain.php"), "old");
  expect(w.invalidate("@/plain.php"), true);
  expect(w.include("@/plain.php"), "new");
  expect(w.is_cached("@/plain.php"), true);
}

CLAUSE_TEST(PreloadedFile, "PL-REQ-06/reset", "PL-STA-05",
            "a restart keeps what is preloaded, lists it, and drops everything else") {
  auto [one, two] = workers<2>();
  begin();
  write("@/b.php", returns("b"));
  auto start = one.status();
  expect(one.include("@/b.php"), "b");
  expect(one.include("@/a.php"), 7);
  expect(one.reset(), true);
  two.process_id();
  auto after = two.status();
  expect(after, all_of({has({"scripts", "@/a.php"}), has({"scripts", "@/preload.php"}), has({"scripts", "$PRELOAD$"}),
                        lacks({"scripts", "@/b.php"}), grew(status_path::manual_restarts, 1, start),
                        same_as(start, status_path::scripts), same_as(start, status_path::keys),
                        same_as(start, status_path::free_memory), same_as(start, status_path::strings_number),
                        at(status_path::wasted, 0)}));
  for (WorkerHandle worker : {one, two}) {
    expect_old(worker);
    expect(worker.include("@/a.php"), all_of({equals(7), prints("ran old;")}));
    expect(worker.is_cached("@/a.php"), true);
  }
}

CLAUSE_TEST(PreloadedFile, "PL-REQ-06/jit", "GU-VAL-07",
            "a restart keeps what is preloaded where code is compiled for the machine") {
  needs("script_cache.jit");
  ini("opcache.jit", "function");
  ini("opcache.jit_buffer_size", "16M");
  auto [one, two] = workers<2>();
  begin();
  write("@/b.php", returns("b"));
  expect_old(one);
  expect(two.reset(), true);
  for (WorkerHandle worker : {one, two}) {
    auto r = worker.request();
    expect(r.include("@/b.php"), "b");
    expect(r.include("@/a.php"), all_of({equals(7), prints("ran old;")}));
  }
  expect_old(one);
}

CLAUSE_TEST(PreloadedFile, "PL-REQ-06/out-of-memory", "a restart for lack of memory keeps what is preloaded") {
  ini("opcache.memory_consumption", "8");
  ini("opcache.interned_strings_buffer", "1");
  ini("opcache.max_wasted_percentage", "1");
  ini("memory_limit", "1G");
  auto w = worker();
  begin();
  std::string code = "return [";
  for (int i = 0; i < 120'000; ++i) code += std::to_string(i) + ",";
  for (const char* path : {"@/1.php", "@/2.php", "@/3.php", "@/4.php"}) write(path, php(code + "];"));
  auto before = w.status();
  w.include("@/1.php");
  expect(w.invalidate("@/1.php", true), true);
  for (const char* path : {"@/2.php", "@/3.php", "@/4.php"}) w.include(path);
  w.process_id();
  expect(w.status(), all_of({grew(status_path::oom_restarts, 1, before), has({"scripts", "@/a.php"}),
                             lacks({"scripts", "@/1.php"})}));
  expect_old(w);
  expect(w.include("@/a.php"), all_of({equals(7), prints("ran old;")}));
}

CLAUSE_TEST(PreloadedFile, "PL-REQ-07/invalidated", "PL-STA-05",
            "a restart does not heal an invalidated preloaded file") {
  auto w = worker();
  begin();
  auto start = w.status();
  expect(w.invalidate("@/a.php", true), true);
  expect(w.reset(), true);
  w.process_id();
  expect(w.status(),
         all_of({has({"scripts", "@/a.php"}), at(status_path::wasted, 0), same_as(start, status_path::free_memory)}));
  expect(w.is_cached("@/a.php"), false);
  expect_fatal(w, "@/a.php", "Cannot (re)?declare");
  expect_old(w);
}

CLAUSE_TEST(Preloading, "PL-REQ-08/killed-worker", "a worker that takes a dead one's place has what is preloaded") {
  auto w = worker();
  preload(leave_trace() + "class P { static $n = 0; }");
  start();
  expect(evaluate(w, "++P::$n"), 1);
  kill(w);
  expect(evaluate(w, "++P::$n"), 1);
  expect_runs(w, 1);
}

CLAUSE_TEST(PreloadedFile, "PL-REQ-08/reload", "a reload runs the preload script anew, on the sources as they are") {
  auto w = worker();
  preload(leave_trace() + compile("a.php"));
  write("@/a.php", source("old"));
  start();
  expect_old(w);
  write("@/a.php", source("new"), 10);
  reload();
  expect(evaluate(w, "[A::C, fa()]"), list_of({"new", "new"}));
  expect_runs(w, 2);
}

CLAUSE_TEST(PreloadedFile, "PL-REQ-10/file-cache", "no preloaded file is written to the file cache") {
  needs_whole_language();
  needs("script_cache.file_cache");
  ini("opcache.file_cache", "@/cache");
  auto w = worker();
  make_directory("@/cache");
  write("@/list.php",
        php("$names = []; foreach (new RecursiveIteratorIterator(new RecursiveDirectoryIterator(__DIR__ . "
            "'/cache')) as $name) if (is_file($name)) $names[] = basename($name); sort($names); return $names;"));
  write("@/b.php", returns("b"));
  begin();
  expect(w.include("@/a.php"), 7);
  expect(w.include("@/b.php"), "b");
  expect(w.include("@/list.php"), list_of({"b.php.bin", "list.php.bin"}));
}

CLAUSE_TEST(PreloadedFile, "PL-REQ-11/spelling", "another spelling of a preloaded file is one more key of its entry") {
  auto w = worker();
  begin();
  auto before = w.status();
  expect(w.is_cached("@/./a.php"), false);
  expect(w.include("@/./a.php"), all_of({equals(7), prints("ran old;")}));
  expect(w.is_cached("@/./a.php"), true);
  expect(w.status(), all_of({grew(status_path::keys, 1, before), grew(status_path::scripts, 0, before),
                             grew(status_path::hits, 1, before), grew(status_path::misses, 0, before)}));
}
