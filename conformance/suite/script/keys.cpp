// SC-KEY: keys and path handling.
#include "conformance/suite/script/common.h"
#include "conformance/vocabulary/status_paths.h"

using namespace assay::conformance;
using namespace std::chrono_literals;

CLAUSE_TEST(Scenario, "SC-KEY-01/resolved-path", "a script is listed under its resolved path") {
  auto w = worker();
  write("@/d/a.php", returns(1));
  make_link("@/link", "@/d");
  expect(w.include("@/link/a.php"), 1);
  expect(w.status(),
         all_of({at({"scripts", "@/d/a.php", "full_path"}, "@/d/a.php"), lacks({"scripts", "@/link/a.php"})}));
}

CLAUSE_TEST(Scenario, "SC-KEY-02/absolute-spelling",
            "another absolute spelling adds one key the first time and none later") {
  auto w = worker();
  write("@/d/a.php", returns(1));
  make_link("@/link", "@/d");
  w.include("@/d/a.php");
  auto before = w.status();
  for (const char* spelling : {"@/d/./a.php", "@/d//a.php", "@/link/a.php", "@/d/../d/a.php"}) {
    expect(w.include(spelling), 1);
    w.include(spelling);
  }
  expect(w.status(),
         all_of({grew(keys, 4, before), grew(scripts, 0, before), grew(misses, 0, before), grew(hits, 8, before)}));
}

CLAUSE_TEST(Scenario, "SC-KEY-03/relative-spelling", "each working directory gives a relative spelling its own key") {
  auto w = worker();
  write("@/one/a.php", returns("one"));
  write("@/two/a.php", returns("two"));
  for (int round = 0; round < 2; ++round) {
    auto r = w.request();
    r.change_dir("@/one");
    expect(r.include("./a.php"), "one");
    r.change_dir("@/two");
    expect(r.include("./a.php"), "two");
  }
  expect(w.status(), all_of({at(scripts, 2), at(keys, 4)}));
}

CLAUSE_TEST(Scenario, "SC-KEY-07/revalidate-path", "revalidate_path adds no extra key") {
  ini("opcache.revalidate_path", "1");
  auto w = worker();
  write("@/d/a.php", returns(1));
  expect(w.include("@/d/../d/a.php"), 1);
  expect(w.include("@/d//a.php"), 1);
  expect(w.status(), all_of({at(keys, 1), at(scripts, 1)}));
  expect(w.is_cached("@/d//a.php"), false);
  expect(w.is_cached("@/d/a.php"), true);
}

CLAUSE_TEST(Scenario, "SC-KEY-10/include-once",
            "include_once stores under the primary key; the spelling follows at the next one") {
  auto w = worker();
  write("@/d/a.php", returns(1));
  expect(w.include_once("@/d//a.php"), 1);
  expect(w.status(), all_of({at(scripts, 1), at(keys, 1)}));
  expect(w.include_once("@/d//a.php"), 1);
  expect(w.status(), all_of({at(scripts, 1), at(keys, 2)}));
}

CLAUSE_TEST(Scenario, "SC-KEY-10/skipped-include-once", "a skipped include_once counts no hit") {
  auto w = worker();
  write("@/a.php", returns(1));
  w.include("@/a.php");
  auto before = w.status();
  auto r = w.request();
  expect(r.include_once("@/a.php"), 1);
  expect(r.include_once("@/a.php"), true);
  expect(w.status(), grew(hits, 1, before));
}

CLAUSE_TEST(Scenario, "SC-KEY-08/switched-link",
            "a switched link is followed once the worker's realpath cache yields the new target") {
  ini("opcache.revalidate_freq", "0");
  ini("realpath_cache_size", "0");
  auto w = worker();
  write("@/r1/a.php", returns("r1"), 1000);
  write("@/r2/a.php", returns("r2"), 900);
  make_link("@/current", "r1");
  expect(w.include("@/current/a.php"), "r1");
  swap_link("@/current", "r2");
  expect(w.include("@/current/a.php"), "r2");
}

CLAUSE_TEST(Scenario, "SC-KEY-08/switched-link-no-validation",
            "a switched link serves the old target until a restart without validation") {
  ini("opcache.validate_timestamps", "0");
  ini("realpath_cache_size", "0");
  auto [one, two] = workers<2>();
  write("@/r1/a.php", returns("r1"), 1000);
  write("@/r2/a.php", returns("r2"), 900);
  make_link("@/current", "r1");
  expect(one.include("@/current/a.php"), "r1");
  swap_link("@/current", "r2");
  expect(two.include("@/current/a.php"), "r1");
  expect(one.reset(), true);
  expect(two.include("@/current/a.php"), "r2");
}

CLAUSE_TEST(Scenario, "SC-KEY-14/full-table", "a new spelling in a full table is served as a hit without a key") {
  ini("opcache.max_accelerated_files", "200");
  auto w = worker();
  for (int i = 0; i < 223; ++i) write("@/" + std::to_string(i) + ".php", returns(i));
  auto r = w.request();
  for (int i = 0; i < 223; ++i) r.include("@/" + std::to_string(i) + ".php");
  auto before = w.status();
  expect(w.include("@/.//7.php"), 7);
  expect(w.status(), all_of({grew(hits, 1, before), grew(keys, 0, before), at(status_path::full, true)}));
}
