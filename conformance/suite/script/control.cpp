// SC-API: the control functions.
#include "conformance/suite/script/common.h"
#include "conformance/vocabulary/status_paths.h"

using namespace assay::conformance;
using namespace std::chrono_literals;

CLAUSE_TEST(Scenario, "SC-API-01/reset", "reset is true when it schedules a restart, and false while one is pending") {
  auto w = worker();
  write("@/a.php", returns(1));
  w.include("@/a.php");
  auto r = w.request();
  expect(r.reset(), true);
  expect(r.reset(), false);
  expect(r.is_cached("@/a.php"), true);
}

CLAUSE_TEST(Scenario, "SC-API-02/invalidate", "invalidate is true for an existing file or a key, and false otherwise") {
  auto w = worker();
  write("@/a.php", returns(1));
  make_directory("@/d");
  expect(w.invalidate("@/a.php"), true);
  expect(w.invalidate("@/d"), true);
  expect(w.invalidate("@/missing.php"), false);
  expect(w.invalidate("@/a.php/"), false);
  expect(w.is_cached("@/a.php"), false);
}

CLAUSE_TEST(Scenario, "SC-API-02/removed-file", "a removed file is invalidated by its key once") {
  auto w = worker();
  write("@/a.php", returns(1));
  expect(w.include("@/a.php"), 1);
  remove("@/a.php");
  auto r = w.request();
  r.clear_realpath_cache();
  expect(r.invalidate("@/a.php", true), true);
  r.clear_realpath_cache();
  expect(r.invalidate("@/a.php", true), false);
}

CLAUSE_TEST(Scenario, "SC-API-03/unforced",
            "an unforced invalidation drops only a changed file, at once and regardless of the window") {
  ini("opcache.revalidate_freq", "60");
  auto w = worker();
  write("@/a.php", returns("old"));
  expect(w.include("@/a.php"), "old");
  expect(w.invalidate("@/a.php"), true);
  expect(w.is_cached("@/a.php"), true);
  write_at("@/a.php", returns("new"), now() - 500);
  expect(w.invalidate("@/a.php"), true);
  expect(w.is_cached("@/a.php"), false);
  expect(w.include("@/a.php"), "new");
}

CLAUSE_TEST(Scenario, "SC-API-03/forced", "SC-ALL-04",
            "a forced invalidation always works, and a second one adds no waste") {
  auto w = worker();
  write("@/a.php", returns(1));
  w.include("@/a.php");
  auto before = w.status();
  expect(w.invalidate("@/a.php", true), true);
  auto once = w.status();
  expect(once, all_of({differs_from(before, wasted), at_least(before, wasted)}));
  expect(w.invalidate("@/a.php", true), true);
  expect(w.status(), same_as(once, wasted));
}

CLAUSE_TEST(Scenario, "SC-API-03/no-validation", "an unforced invalidation works without validation too") {
  ini("opcache.validate_timestamps", "0");
  auto w = worker();
  write("@/a.php", returns(1));
  w.include("@/a.php");
  expect(w.invalidate("@/a.php"), true);
  expect(w.is_cached("@/a.php"), false);
}

CLAUSE_TEST(Scenario, "SC-API-04/deleted-file", "the entry of a deleted file can be invalidated by a key once") {
  ini("opcache.revalidate_freq", "60");
  auto [one, two] = workers<2>();
  write("@/a.php", returns(1));
  one.include("@/a.php");
  remove("@/a.php");
  expect(two.invalidate("@/a.php"), true);
  expect(two.invalidate("@/a.php"), false);
  expect(one.is_cached("@/a.php"), false);
}

CLAUSE_TEST(Scenario, "SC-API-05/stays-listed", "SC-KEY-12",
            "an invalidated entry stays listed with time 0 until it is recompiled") {
  auto w = worker();
  write("@/a.php", returns(1));
  w.include("@/a.php");
  w.include("@/a.php");
  expect(w.invalidate("@/a.php", true), true);
  auto invalid = w.status();
  expect(invalid, all_of({at({"scripts", "@/a.php", "timestamp"}, 0), at({"scripts", "@/a.php", "hits"}, 1)}));
  expect(w.is_cached("@/a.php"), false);
  expect(w.include("@/a.php"), 1);
  expect(w.status(),
         all_of({at({"scripts", "@/a.php", "timestamp"}, now() - 1000), at({"scripts", "@/a.php", "hits"}, 0),
                 grew(status_path::scripts, 0, invalid), grew(keys, 0, invalid)}));
}

CLAUSE_TEST(Scenario, "SC-API-06/spellings", "invalidate takes any spelling, is_cached only keys") {
  auto w = worker();
  write("@/d/a.php", returns(1));
  w.include("@/d/a.php");
  expect(w.is_cached("@/d/../d/a.php"), false);
  expect(w.invalidate("@/d/../d//a.php", true), true);
  expect(w.is_cached("@/d/a.php"), false);
}

CLAUSE_TEST(Scenario, "SC-API-07/compile",
            "compile stores without running, and counts a hit where the script is cached already") {
  auto w = worker();
  write("@/a.php", php("echo 'ran'; return 1;"));
  auto before = w.status();
  auto r = w.request();
  auto included = r.included_files();
  expect(r.compile_file("@/a.php"), all_of({equals(true), prints("")}));
  expect(r.included_files(), same_as(included));
  auto stored = w.status();
  expect(stored, all_of({grew(misses, 1, before), has({"scripts", "@/a.php"})}));
  expect(w.compile_file("@/a.php"), true);
  expect(w.status(), grew(hits, 1, stored));
}

CLAUSE_TEST(Scenario, "SC-API-07/compile-unstored", "compile is true even when nothing is stored") {
  ini("opcache.file_update_protection", "10");
  auto w = worker();
  write("@/young.php", returns(1), 1);
  expect(w.compile_file("@/young.php"), true);
  expect(w.is_cached("@/young.php"), false);
}

CLAUSE_TEST(Scenario, "SC-API-09/missing-file", "compile fails for a missing file without a miss") {
  auto w = worker();
  auto before = w.status();
  expect(w.compile_file("@/missing.php"), all_of({equals(false), diagnoses(has_length(2))}));
  expect(w.status(), grew(misses, 0, before));
}

CLAUSE_TEST(Scenario, "SC-API-09/parse-error", "SC-PER-03",
            "compile throws a parse error, counts a miss and stores nothing") {
  auto w = worker();
  write("@/broken.php", php("return 1 +;"));
  auto before = w.status();
  expect(w.compile_file("@/broken.php"), throws("ParseError"));
  expect(w.status(), all_of({grew(misses, 1, before), lacks({"scripts", "@/broken.php"})}));
}

CLAUSE_TEST(Scenario, "SC-API-10/is-cached", "is_cached counts nothing") {
  auto w = worker();
  write("@/a.php", returns(1));
  w.include("@/a.php");
  auto before = w.status();
  expect(w.is_cached("@/a.php"), true);
  expect(w.is_cached("@/never.php"), false);
  expect(w.status(), all_of({same_as(before, hits), same_as(before, misses), same_as(before, keys)}));
}

CLAUSE_TEST(Scenario, "SC-API-11/off-in-request",
            "switching the cache off inside a request affects that request alone") {
  auto w = worker();
  write("@/a.php", returns(1));
  write("@/b.php", returns(2));
  expect(w.include("@/a.php"), 1);
  auto r = w.request();
  expect(r.ini_set("opcache.enable", "0"), "1");
  expect(r.status(), all_of({at(status_path::enabled, false), lacks({"scripts"})}));
  expect(r.is_cached("@/a.php"), false);
  expect(r.reset(), false);
  expect(r.invalidate("@/a.php", true), false);
  expect(r.include("@/b.php"), 2);
  expect(w.is_cached("@/a.php"), true);
  expect(w.is_cached("@/b.php"), false);
}

CLAUSE_TEST(Scenario, "SC-API-15/invalidate-running",
            "a script that invalidates what it included continues with the code it has") {
  auto w = worker();
  write("@/f.php", php("function f() { return 'old'; } return f();"));
  auto r = w.request();
  expect(r.include("@/f.php"), "old");
  expect(r.invalidate("@/f.php", true), true);
  expect(r.is_cached("@/f.php"), false);
  expect(r.recall(0), "old");
  expect(w.include("@/f.php"), "old");
  expect(w.is_cached("@/f.php"), true);
}
