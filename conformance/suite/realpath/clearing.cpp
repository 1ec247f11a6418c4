// RP-CLR: what takes entries out of the cache, and what does not.
#include "conformance/registry/registration.h"

using namespace assay::conformance;

CLAUSE_TEST(Scenario, "RP-CLR-01/all", "clearstatcache(true) empties the cache") {
  auto w = worker();
  write("@/a/f", "");
  auto r = w.request();
  expect(r.realpath("@/a/f"), "@/a/f");
  expect(r.clear_realpath_cache(), nullptr);
  expect(r.realpath_listing(), has_length(0));
  expect(r.realpath_size(), 0);
}

CLAUSE_TEST(Scenario, "RP-CLR-02/stat-only", "clearstatcache() and clearstatcache(false, f) leave the cache alone") {
  auto w = worker();
  write("@/a/f", "");
  auto r = w.request();
  expect(r.realpath("@/a/f"), "@/a/f");
  const ReplyRef before = r.realpath_listing();
  const ReplyRef size = r.realpath_size();
  expect(r.clear_stat_cache(), nullptr);
  expect(r.realpath_listing(), gained({}, before));
  expect(r.clear_stat_cache(false, "@/a/f"), nullptr);
  expect(r.realpath_listing(), gained({}, before));
  expect(r.realpath_size(), same_as(size));
}

CLAUSE_TEST(Scenario, "RP-CLR-03/one-path", "clearstatcache(true, f) removes exactly the entry of that raw path") {
  auto w = worker();
  write("@/a/b/f", "");
  auto r = w.request();
  r.clear_realpath_cache();
  r.realpath("@/a");
  const ReplyRef without_b = r.realpath_listing();
  r.realpath("@/a/b/f");
  const ReplyRef size = r.realpath_size();
  r.clear_stat_cache(true, "@/a/b");
  expect(r.realpath_listing(), gained({"@/a/b/f"}, without_b));
  expect(r.realpath("@/a/b"), "@/a/b");
  expect(r.realpath_size(), same_as(size));
  r.clear_stat_cache(true, "@/a/b/f");
  expect(r.realpath_listing(), gained({"@/a/b"}, without_b));
}

CLAUSE_TEST(Scenario, "RP-CLR-03/other-spelling", "another spelling of the name removes nothing") {
  auto w = worker();
  write("@/a/f", "");
  make_link("@/link", "a/f");
  auto r = w.request();
  r.realpath("@/a/f");
  const ReplyRef before = r.realpath_listing();
  for (const char* spelling : {"a/f", "./a/f", "@/a/f/", "@/a/f/.", "@/a/./f", "@//a/f", "@/link", "@/a/x", "f"}) {
    expect(r.clear_stat_cache(true, spelling), nullptr);
  }
  expect(r.change_dir("@/a"), true);
  expect(r.clear_stat_cache(true, "f"), nullptr);
  expect(r.realpath_listing(), gained({}, before));
}

CLAUSE_TEST(Scenario, "RP-CLR-03/nul-byte", "a NUL byte is refused") {
  auto w = worker();
  expect(w.clear_stat_cache(true, std::string("@/a\0b", 5)), throws("ValueError"));
}

CLAUSE_TEST(Scenario, "RP-CLR-03/expired", "an entry is removed whether or not it has expired") {
  ini("realpath_cache_ttl", "-1");
  auto w = worker();
  auto r = w.request();
  r.clear_realpath_cache();
  r.realpath("/usr/share");
  r.clear_stat_cache(true, "/usr");
  expect(r.realpath_listing(), has_keys({"/usr/share"}));
  expect(r.realpath_size(), 59);
}

CLAUSE_TEST(Scenario, "RP-CLR-04/link-alone", "paths below a link stay stale when the link alone is cleared") {
  auto w = worker();
  write("@/r1/index.php", "one");
  write("@/r2/index.php", "two");
  make_link("@/current", "r1");
  expect(w.realpath("@/current/index.php"), "@/r1/index.php");
  swap_link("@/current", "r2");
  auto r = w.request();
  r.clear_stat_cache(true, "@/current");
  expect(r.realpath("@/current"), "@/r2");
  expect(r.realpath("@/current/index.php"), "@/r1/index.php");
  expect(r.read_file("@/current/index.php"), "one");
  r.clear_stat_cache(true, "@/current/index.php");
  expect(r.read_file("@/current/index.php"), "two");
}

CLAUSE_TEST(Scenario, "RP-CLR-05/successful-change", "a successful unlink, rename or rmdir empties the cache") {
  auto w = worker();
  write("@/f", "");
  write("@/g", "");
  make_directory("@/d");
  auto r = w.request();
  r.realpath("@");
  expect(r.unlink("@/f"), true);
  expect(r.realpath_listing(), has_length(0));
  expect(r.realpath_size(), 0);
  r.realpath("@");
  expect(r.rename("@/g", "@/h"), true);
  expect(r.realpath_listing(), has_length(0));
  expect(r.realpath_size(), 0);
  r.realpath("@");
  expect(r.remove_dir("@/d"), true);
  expect(r.realpath_listing(), has_length(0));
  expect(r.realpath_size(), 0);
}

CLAUSE_TEST(Scenario, "RP-CLR-05/failed-change", "a failed unlink, rename or rmdir changes nothing") {
  auto w = worker();
  write("@/d/f", "");
  auto r = w.request();
  r.realpath("@/d/f");
  const ReplyRef before = r.realpath_listing();
  expect(r.unlink("@/missing"), false);
  expect(r.unlink("@/d"), false);
  expect(r.rename("@/missing", "@/other"), false);
  expect(r.remove_dir("@/d"), false);
  expect(r.remove_dir("@/missing"), false);
  expect(r.realpath_listing(), gained({}, before));
}

CLAUSE_TEST(Scenario, "RP-CLR-07/other-operations",
            "making, touching, copying, linking, writing and changing directory clear nothing") {
  auto w = worker();
  write("@/d/f", "");
  auto r = w.request();
  r.realpath("@/d/f");
  r.realpath("/usr/share");
  const ReplyRef before = r.realpath_listing();
  expect(r.make_dir("@/made"), true);
  expect(r.make_dir("@/one/two/three", true), true);
  expect(r.touch("@/d/f"), true);
  expect(r.touch("@/touched"), true);
  expect(r.chmod("@/d/f", 0600), true);
  expect(r.change_dir("@/d"), true);
  expect(r.symlink("f", "@/d/link"), true);
  expect(r.hard_link("@/d/f", "@/d/hard"), true);
  expect(r.copy("@/d/f", "@/d/copied"), true);
  expect(r.put_file("@/d/written", "x"), 1);
  expect(r.temp_name("@/d", "t"), "@/d");
  expect(r.realpath_listing(), gained({}, before));
}

CLAUSE_TEST(Scenario, "RP-CLR-08/swap-by-rename",
            "the worker that swaps a link by rename sees the new target at once; others do not") {
  auto swapper = worker();
  auto other = worker();
  make_directory("@/r1");
  make_directory("@/r2");
  make_link("@/current", "r1");
  expect(swapper.realpath("@/current"), "@/r1");
  expect(other.realpath("@/current"), "@/r1");
  auto r = swapper.request();
  expect(r.symlink("r2", "@/current.new"), true);
  expect(r.rename("@/current.new", "@/current"), true);
  expect(r.realpath("@/current"), "@/r2");
  expect(other.realpath("@/current"), "@/r1");
}
