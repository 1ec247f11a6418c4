// DP-01 to DP-08, DP-34, DP-35: what a client sees after the link was swapped, by main script.
#include "conformance/suite/deploy/releases.h"

using namespace assay::conformance;
using std::chrono::seconds;

CLAUSE_TEST(Releases, "DP-01/alias-key", "the first request by a link spelling adds one alias key") {
  auto [one, two] = workers<2>();
  releases();
  make_link("@/live", "releases/r1");
  const ReplyRef before = two.status();
  gives(one, "r1/r1");
  const ReplyRef status = two.status();
  expect(status, grew(statistic("num_cached_scripts"), 2, before));
  expect(status, grew(statistic("num_cached_keys"), 3, before));
  expect(status, gained({"@/releases/r1/index.php", "@/releases/r1/lib.php"}, before, {"scripts"}));
  gives(one, "r1/r1");
  gives(one, "r1/r1", "@/live/index.php");
  const ReplyRef later = two.status();
  expect(later, grew(statistic("num_cached_keys"), 1, status));
  expect(later, grew(statistic("num_cached_scripts"), 0, status));
}

CLAUSE_TEST(Releases, "DP-02/defaults", "the main script never switches with both caches at their defaults") {
  auto all = workers<3>();
  releases();
  for (WorkerHandle worker : all) {
    gives(worker, "r1/r1");
    advance_clock(seconds(10));
  }
  swap("r2");
  all_give_for(all, "r1/r1", 10);
  all_give_for(all, "r1/r1", 400, 7);
}

CLAUSE_TEST(Releases, "DP-03/realpath-off", "the main script never switches with the realpath cache off") {
  ini("realpath_cache_size", "0");
  auto all = workers<3>();
  releases();
  all_give(all, "r1/r1");
  swap("r2");
  all_give_for(all, "r1/r1", 10);
  all_give_for(all, "r1/r1", 400, 9);
}

CLAUSE_TEST(Releases, "DP-03/realpath-off-no-window",
            "the main script never switches with the realpath cache off and a check at each use") {
  ini("realpath_cache_size", "0");
  ini("opcache.revalidate_freq", "0");
  auto all = workers<3>();
  releases();
  all_give(all, "r1/r1");
  swap("r2");
  all_give_for(all, "r1/r1", 60, 3);
}

CLAUSE_TEST(Releases, "DP-04/no-opcache", "each worker switches when its own entry expires without OPcache") {
  ini("opcache.enable", "0");
  ini("realpath_cache_ttl", "4");
  auto all = workers<3>();
  releases();
  gives(all[0], "r1/r1");
  gives(all[1], "r1/r1");
  advance_clock(seconds(2));
  gives(all[2], "r1/r1");
  swap("r2");
  all_give(all, "r1/r1");
  advance_clock(seconds(2));
  all_give(all, "r1/r1");
  advance_clock(seconds(1));
  gives(all[0], "r2/r2");
  gives(all[1], "r2/r2");
  gives(all[2], "r1/r1");
  advance_clock(seconds(2));
  all_give(all, "r2/r2");
}

CLAUSE_TEST(Releases, "DP-04/ttl-default", "a worker switches after 121 seconds with the default TTL without OPcache") {
  ini("opcache.enable", "0");
  auto all = workers<2>();
  releases();
  all_give(all, "r1/r1");
  swap("r2");
  advance_clock(seconds(120));
  all_give(all, "r1/r1");
  advance_clock(seconds(1));
  all_give(all, "r2/r2");
}

CLAUSE_TEST(Releases, "DP-05/unused-no-opcache", "an unused worker serves the new release at once without OPcache") {
  ini("opcache.enable", "0");
  auto all = workers<3>();
  releases();
  gives(all[0], "r1/r1");
  swap("r2");
  for (int i = 0; i < 2; ++i) {
    gives(all[0], "r1/r1");
    gives(all[2], "r2/r2");
  }
}

CLAUSE_TEST(Releases, "DP-05/unused-opcache", "DP-23", "an unused worker serves the old release with OPcache") {
  auto all = workers<3>();
  releases();
  gives(all[0], "r1/r1");
  swap("r2");
  gives(all[2], "r1/r1");
  expect(all[2].realpath_listing(), at({"@/current", "realpath"}, Value("@/releases/r2")));
  gives(all[2], "r1/r1");
}

CLAUSE_TEST(Releases, "DP-06/both-off", "the first request after the switch is new with both caches off") {
  ini("opcache.enable", "0");
  ini("realpath_cache_size", "0");
  auto all = workers<3>();
  releases();
  all_give(all, "r1/r1");
  swap("r2");
  all_give(all, "r2/r2");
}

CLAUSE_TEST(Releases, "DP-07/revalidate-path", "the realpath cache alone governs the switch with revalidate_path") {
  ini("opcache.revalidate_path", "1");
  ini("realpath_cache_ttl", "4");
  auto all = workers<3>();
  releases();
  all_give(all, "r1/r1");
  swap("r2");
  advance_clock(seconds(4));
  all_give(all, "r1/r1");
  advance_clock(seconds(1));
  all_give(all, "r2/r2");
}

CLAUSE_TEST(Releases, "DP-07/revalidate-path-no-timestamps",
            "the realpath cache alone governs the switch with revalidate_path and no timestamps") {
  ini("opcache.revalidate_path", "1");
  ini("opcache.validate_timestamps", "0");
  ini("realpath_cache_ttl", "4");
  auto all = workers<3>();
  releases();
  all_give(all, "r1/r1");
  swap("r2");
  advance_clock(seconds(4));
  all_give(all, "r1/r1");
  advance_clock(seconds(1));
  all_give(all, "r2/r2");
}

CLAUSE_TEST(Releases, "DP-07/revalidate-realpath-off",
            "the next request is new with revalidate_path and the realpath cache off") {
  ini("opcache.revalidate_path", "1");
  ini("realpath_cache_size", "0");
  auto all = workers<3>();
  releases();
  all_give(all, "r1/r1");
  swap("r2");
  all_give(all, "r2/r2");
}

CLAUSE_TEST(Releases, "DP-07/revalidate-realpath-off-no-stamps",
            "the next request is new with revalidate_path, no timestamps and no realpath cache") {
  ini("opcache.revalidate_path", "1");
  ini("opcache.validate_timestamps", "0");
  ini("realpath_cache_size", "0");
  auto all = workers<3>();
  releases();
  all_give(all, "r1/r1");
  swap("r2");
  all_give(all, "r2/r2");
}

CLAUSE_TEST(Releases, "DP-08/no-timestamps-short-ttl", "nothing switches without timestamps, even with a short TTL") {
  ini("opcache.validate_timestamps", "0");
  ini("realpath_cache_ttl", "4");
  auto all = workers<2>();
  releases();
  write("@/control.php", php("return [include '@/current/lib.php', include_once '@/current/lib.php'];"));
  const Value includes = Value::list({"r1", true});
  all_give(all, "r1/r1");
  for (int i = 0; i < 2; ++i) expect(all[0].include("@/control.php"), includes);
  swap("r2");
  for (int at = 0; at < 20; at += 2) {
    all_give(all, "r1/r1");
    expect(all[1].include("@/control.php"), includes);
    expect(all[0].include_once(kLibrary), "r1");
    advance_clock(seconds(2));
  }
}

CLAUSE_TEST(Releases, "DP-08/no-timestamps-realpath-off",
            "nothing switches without timestamps, even with the realpath cache off") {
  ini("opcache.validate_timestamps", "0");
  ini("realpath_cache_size", "0");
  auto all = workers<2>();
  releases();
  all_give(all, "r1/r1");
  for (int i = 0; i < 2; ++i) {
    expect(all[0].include(kLibrary), "r1");
    expect(all[0].include_once(kLibrary), "r1");
  }
  swap("r2");
  for (int at = 0; at < 20; at += 2) {
    all_give(all, "r1/r1");
    expect(all[1].include(kLibrary), "r1");
    expect(all[1].include_once(kLibrary), "r1");
    advance_clock(seconds(2));
  }
}

CLAUSE_TEST(Releases, "DP-34/young-script",
            "a script younger than two seconds is compiled at each use and gets no alias") {
  auto w = worker();
  write("@/releases/r1/index.php", php("echo 'r1/', include __DIR__ . '/lib.php';"), 0);
  write("@/releases/r1/lib.php", returns("r1"), 0);
  make_link("@/current", "releases/r1");
  const ReplyRef before = w.status();
  for (int age = 0; age < 2; ++age) {
    gives(w, "r1/r1");
    const ReplyRef status = w.status();
    expect(status, grew(statistic("misses"), 2 * (age + 1), before));
    expect(status, grew(statistic("num_cached_keys"), 0, before));
    advance_clock(seconds(1));
  }
  gives(w, "r1/r1");
  const ReplyRef stored = w.status();
  expect(stored, grew(statistic("num_cached_keys"), 3, before));
  gives(w, "r1/r1");
  expect(w.status(), grew(statistic("misses"), 0, stored));
}

CLAUSE_TEST(Releases, "DP-35/window-end", "a script is trusted through the second of its stamp plus the frequency") {
  auto w = worker();
  releases();
  gives(w, "r1/r1");
  for (const char* text : {"one", "two"}) {
    write("@/releases/r1/lib.php", returns(text), *text == 'o' ? 500 : 400);
    gives(w, *text == 'o' ? "r1/r1" : "r1/one");
    advance_clock(seconds(2));
    gives(w, *text == 'o' ? "r1/r1" : "r1/one");
    advance_clock(seconds(1));
    gives(w, std::string("r1/") + text);
  }
}
