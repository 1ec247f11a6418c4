// SC-KEY: what the keys of a folder that has become a link lead to.
#include "conformance/registry/registration.h"
#include "conformance/scenario/scenario.h"
#include "conformance/suite/script/common.h"

using namespace assay::conformance;
using namespace std::chrono_literals;

// PHP 8.2: the worker dies. The key of the old entry becomes one of the new entry, and other keys led to it.
CLAUSE_TEST(Scenario, "SC-KEY-12/moved-folder", "SC-KEY-08 GU-VAL-01",
            "every name of a script in a folder that has become a link leads to the script") {
  auto one = worker();
  write("@/release/a.php", php("return __FILE__;"));
  expect(one.include("@/./release/a.php"), "@/release/a.php");
  move("@/release", "@/store");
  make_link("@/release", "store");
  advance_clock(130s);
  expect(one.include("@/release/a.php"), "@/store/a.php");
  expect(one.include("@/./release/a.php"), "@/store/a.php");
}

// PHP 8.2: two slots for one key.
CLAUSE_TEST(Scenario, "SC-KEY-12/once-key", "SC-KEY-10", "a relative key that a once-include adds takes one slot") {
  ini("opcache.revalidate_freq", "0");
  auto one = worker();
  write_at("@/a.php", returns(1), now() - 1000);
  expect(one.include_once("./a.php"), 1);
  auto before = one.status();
  write_at("@/a.php", returns(2), now() - 900);
  expect(one.include_once("./a.php"), 2);
  expect(one.status(), grew(keys, 1, before));
}

// What a link leads to is cached already: it is as cached by the link's name as by its own.
CLAUSE_TEST(Scenario, "SC-KEY-08/query-flips-back", "SC-API-10 SC-VAL-11",
            "is-cached by a link follows it to the next cached file and back") {
  ini("opcache.revalidate_freq", "0");
  ini("realpath_cache_size", "0");
  auto [one, two] = workers<2>();
  for (const char* path : {"@/a.php", "@/b.php"}) write(path, php("return __FILE__;"));
  make_link("@/l", "a.php");
  for (const char* path : {"@/l", "@/a.php", "@/b.php"}) one.include(path);
  expect(two.is_cached("@/l"), true);
  swap_link("@/l", "b.php");
  expect(two.is_cached("@/l"), false);  // the key is still that of the other entry
  expect(two.is_cached("@/a.php"), true);
  swap_link("@/l", "a.php");
  expect(two.is_cached("@/l"), true);
  swap_link("@/l", "b.php");
  expect(two.include("@/l"), "@/b.php");
  expect(one.is_cached("@/l"), false);  // which that use made invalid
  expect(one.is_cached("@/b.php"), true);
}

CLAUSE_TEST(Scenario, "SC-STA-10/discarded", "SC-VAL-06 SC-LCK-05",
            "a compilation that is thrown away is a use of the entry that stays") {
  ini("opcache.revalidate_freq", "0");
  ini("realpath_cache_size", "0");
  auto w = worker();
  for (const char* path : {"@/a.php", "@/b.php"}) write(path, php("return __FILE__;"));
  make_link("@/l", "a.php");
  for (const char* path : {"@/l", "@/b.php"}) w.include(path);
  swap_link("@/l", "b.php");
  advance_clock(10s);
  auto before = w.status();
  expect(w.include("@/l"), "@/b.php");
  expect(w.status(), all_of({grew(misses, 1, before), same_as(before, hits), same_as(before, scripts),
                             at({"scripts", "@/b.php", "last_used_timestamp"}, now())}));
}

CLAUSE_TEST(Scenario, "SC-KEY-10/moved-and-rewritten", "SC-KEY-08 SC-VAL-06",
            "a once-include of a script that moved behind a link and was rewritten runs what is there") {
  ini("opcache.revalidate_freq", "0");
  auto [one, two] = workers<2>();
  write("@/site/a.php", php("return 'old';"));
  expect(one.include_once("@/site/a.php"), "old");
  move("@/site", "@/store");
  make_link("@/site", "store");
  write_at("@/store/a.php", php("return 'new';"), now() - 500);
  advance_clock(130s);
  for (WorkerHandle each : {one, two}) {
    auto r = each.request();
    expect(r.include_once("@/store/a.php"), "new");
    expect(r.include_once("@/site/../site/a.php"), true);
  }
}

CLAUSE_TEST(Scenario, "SC-KEY-07/once-after-compile", "SC-API-07 SC-KEY-10",
            "with revalidate_path a once-include runs what a link leads to, compiled before or not") {
  ini("opcache.revalidate_freq", "0");
  ini("opcache.revalidate_path", "1");
  ini("realpath_cache_size", "0");
  auto [one, two] = workers<2>();
  for (const char* path : {"@/a.php", "@/b.php"}) write(path, php("return __FILE__;"));
  make_link("@/l", "a.php");
  expect(one.compile_file("@/l"), true);
  swap_link("@/l", "b.php");
  auto r = two.request();
  expect(r.include_once("@/l"), "@/b.php");
  expect(r.include_once("@/a.php"), "@/a.php");
  expect(r.include_once("@/b.php"), true);
}

namespace {

// A folder has moved and left a link; a worker's realpath cache still has it behind another one.
class LeftLink : public Scenario {
 public:
  using Scenario::Scenario;

 protected:
  void leave_link(WorkerHandle stale) {
    for (const char* name : {"a", "b"}) write("@/store/" + std::string(name) + ".php", php("return __FILE__;"));
    make_link("@/l", "./store");
    expect(stale.include("@/l/b.php"), "@/store/b.php");
    move("@/store", "@/moved");
    make_link("@/store", "moved");
  }
};

// And another worker has used the file since, by the path that is none any more.
class StaleFolder : public LeftLink {
 public:
  using LeftLink::LeftLink;

 protected:
  void begin(const char* revalidate_freq) {
    ini("opcache.revalidate_freq", revalidate_freq);
    std::tie(stale, other) = std::tuple_cat(workers<2>());
    leave_link(stale);
    expect(other.include("@/store/a.php"), "@/moved/a.php");
  }
  WorkerHandle stale, other;
};

}  // namespace

CLAUSE_TEST(StaleFolder, "SC-KEY-18/window", "within its window an entry serves a worker that resolves a name of it") {
  begin("60");
  auto before = stale.status();
  expect(stale.include("@/l/a.php"), "@/moved/a.php");
  expect(stale.status(), all_of({grew(hits, 1, before), grew(keys, 1, before), same_as(before, misses)}));
}

CLAUSE_TEST(StaleFolder, "SC-KEY-18/due", "SC-KEY-17 GU-VAL-07",
            "a due check compiles the file under the path that the worker resolves") {
  begin("0");
  auto before = stale.status();
  expect(stale.include("@/l/a.php"), "@/store/a.php");
  expect(stale.status(), all_of({grew(misses, 1, before), same_as(before, hits)}));
}

// PHP 8.2: the moved file's entry has the other path now.
CLAUSE_TEST(StaleFolder, "SC-KEY-18/own-path", "GU-VAL-01 GU-VAL-07",
            "a moved file is itself by its own path whatever a stale worker compiled") {
  begin("2");
  advance_clock(3s);
  expect(stale.include("@/l/a.php"), "@/store/a.php");
  for (WorkerHandle each : {other, stale}) expect(each.include("@/moved/a.php"), "@/moved/a.php");
}

CLAUSE_TEST(StaleFolder, "SC-KEY-19/other-file-included", "SC-KEY-10",
            "a once-include by a name of another file is skipped where that file was included") {
  begin("60");
  auto r = stale.request();
  expect(r.include_once("@/moved/a.php"), "@/moved/a.php");
  auto before = r.status();
  expect(r.include_once("@/l/a.php"), true);  // @/store/a.php to this worker, a name of @/moved/a.php
  expect(r.status(), all_of({grew(keys, 1, before), same_as(before, hits), same_as(before, misses)}));
}

CLAUSE_TEST(StaleFolder, "SC-KEY-19/due", "SC-KEY-18",
            "a once-include by a name of another file makes that one's check") {
  begin("0");
  auto before = stale.status();
  auto r = stale.request();
  expect(r.include_once("@/l/a.php"), "@/moved/a.php");
  expect(r.included_files(), equals(Value::list({"@/moved/a.php"})));
  expect(stale.status(), all_of({grew(hits, 1, before), same_as(before, misses)}));
}

CLAUSE_TEST(LeftLink, "SC-KEY-19/revalidate-path", "SC-KEY-07 RP-USE-07",
            "with revalidate_path a once-include that resolves to two paths uses the second alone") {
  ini("opcache.revalidate_path", "1");
  auto w = worker();
  leave_link(w);
  auto before = w.status();
  auto r = w.request();
  expect(r.include_once("@/l/a.php"), "@/moved/a.php");
  expect(r.include_once("@/l/a.php"), true);
  auto stored = r.status();
  expect(stored, all_of({grew(keys, 1, before), grew(misses, 1, before)}));
  expect(w.include_once("@/l/a.php"), "@/moved/a.php");
  expect(w.status(), all_of({grew(hits, 1, before), same_as(stored, misses), same_as(stored, keys)}));
}

CLAUSE_TEST(LeftLink, "SC-KEY-19/once-per-request", "SC-KEY-10",
            "a once-include that resolves to two paths is skipped the second time") {
  auto w = worker();
  leave_link(w);
  auto r = w.request();
  expect(r.include_once("@/l/a.php"), "@/moved/a.php");
  auto before = r.status();
  expect(r.include_once("@/l/a.php"), true);
  expect(r.status(), all_of({grew(keys, 1, before), same_as(before, hits), same_as(before, misses)}));
}

CLAUSE_TEST(LeftLink, "SC-KEY-10/second-path", "SC-KEY-19 RP-USE-07",
            "a once-include that resolves to two paths runs a file once and makes the first a key") {
  auto w = worker();
  leave_link(w);
  auto before = w.status();
  auto r = w.request();
  expect(r.include("@/moved/a.php"), "@/moved/a.php");
  expect(r.include_once("@/l/a.php"), true);  // by way of @/store/a.php
  expect(w.invalidate("@/moved/a.php", true), true);
  expect(w.include_once("@/l/a.php"), "@/moved/a.php");
  expect(w.status(), grew(keys, 2, before));
}

CLAUSE_TEST(LeftLink, "RP-USE-07/second-path", "SC-KEY-19",
            "without a cache a once-include that resolves to two paths runs the file of the second") {
  ini("opcache.enable", "0");
  auto w = worker();
  leave_link(w);
  auto r = w.request();
  expect(r.include_once("@/l/a.php"), "@/moved/a.php");
  expect(r.included_files(), equals(Value::list({"@/moved/a.php"})));
}

CLAUSE_TEST(Scenario, "SC-KEY-10/lenient-parse-error", "SC-PER-09",
            "a file with a parse error is included by a name that leads nowhere by now") {
  auto w = worker();
  write("@/store/a.php", "<?php\nreturn (;\n");
  make_link("@/l", "store");
  expect(w.include("@/l/b.php"), equals(false));
  swap_link("@/l", "gone");
  auto r = w.request();
  expect(r.include_once("@/l/a.php"), throws("ParseError"));
  expect(r.include_once("@/l/a.php"), true);
  expect(r.included_files(), equals(Value::list({"@/store/a.php"})));
}
