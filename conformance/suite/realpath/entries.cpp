// RP-ENT: what a resolution leaves in the cache.
#include "conformance/registry/registration.h"

using namespace assay::conformance;
using std::chrono::seconds;

// The tests that count entries begin with an empty cache and the sandbox's own entries in it, and say what comes
// besides.

CLAUSE_TEST(Scenario, "RP-ENT-01/prefixes", "a cold resolution adds one entry for each prefix") {
  auto w = worker();
  write("@/a/b/f.php", returns(1));
  auto r = w.request();
  r.clear_realpath_cache();
  expect(r.realpath_size(), 0);
  expect(r.realpath("@"), "@");
  const ReplyRef before = r.realpath_listing();
  expect(before, all_of({has({"@"}), lacks({"/"}), lacks({""})}));
  expect(r.realpath("@/a/b/f.php"), "@/a/b/f.php");
  expect(r.realpath_listing(), gained({"@/a", "@/a/b", "@/a/b/f.php"}, before));
}

CLAUSE_TEST(Scenario, "RP-ENT-01/root", "the root directory has no entry") {
  auto w = worker();
  auto r = w.request();
  r.clear_realpath_cache();
  expect(r.realpath("/"), "/");
  expect(r.realpath_size(), 0);
  expect(r.realpath_listing(), has_length(0));
  expect(r.realpath("/usr"), "/usr");
  expect(r.realpath_listing(), has_keys({"/usr"}));
}

CLAUSE_TEST(Scenario, "RP-ENT-02/middle-link",
            "a link in the middle adds its text, the link and the deeper names by the unresolved path") {
  auto w = worker();
  write("@/app/releases/r1/index.php", returns(1));
  make_link("@/app/current", "releases/r1");
  auto r = w.request();
  r.clear_realpath_cache();
  r.realpath("@");
  const ReplyRef before = r.realpath_listing();
  expect(r.realpath("@/app/current/index.php"), "@/app/releases/r1/index.php");
  const ReplyRef after = r.realpath_listing();
  expect(after,
         gained({"@/app", "@/app/releases", "@/app/releases/r1", "@/app/current", "@/app/current/index.php"}, before));
  expect(after, at({"@/app/current", "realpath"}, "@/app/releases/r1"));
  expect(after, at({"@/app/current/index.php", "realpath"}, "@/app/releases/r1/index.php"));
}

CLAUSE_TEST(Scenario, "RP-ENT-02/absolute-link", "an absolute link leaves the same entries as a relative one") {
  auto w = worker();
  write("@/app/releases/r1/index.php", returns(1));
  make_link("@/app/current", "@/app/releases/r1");
  auto r = w.request();
  r.clear_realpath_cache();
  r.realpath("@");
  const ReplyRef before = r.realpath_listing();
  expect(r.realpath("@/app/current/index.php"), "@/app/releases/r1/index.php");
  expect(r.realpath_listing(),
         gained({"@/app", "@/app/releases", "@/app/releases/r1", "@/app/current", "@/app/current/index.php"}, before));
}

CLAUSE_TEST(Scenario, "RP-ENT-02/link-text", "a link's text is joined to its parent as written") {
  auto w = worker();
  make_directory("@/p/r1");
  make_link("@/p/cur", "r1");
  make_link("@/p/w", "../p/r1");
  auto r = w.request();
  r.clear_realpath_cache();
  r.realpath("@/p");
  const ReplyRef before = r.realpath_listing();
  expect(r.realpath("@/p//cur"), "@/p/r1");
  const ReplyRef slash = r.realpath_listing();
  expect(slash, gained({"@/p//r1", "@/p//cur"}, before));
  expect(r.realpath("@/p/./cur"), "@/p/r1");
  const ReplyRef dot = r.realpath_listing();
  expect(dot, gained({"@/p/./r1", "@/p/./cur"}, slash));
  expect(r.realpath("@/p/w"), "@/p/r1");
  expect(r.realpath_listing(), gained({"@/p/../p", "@/p/../p/r1", "@/p/w"}, dot));
}

CLAUSE_TEST(Scenario, "RP-ENT-03/link-chain", "each link of a chain maps to the end of the chain") {
  auto w = worker();
  write("@/f", "");
  make_link("@/k1", "f");
  make_link("@/k2", "k1");
  make_link("@/k3", "k2");
  auto r = w.request();
  r.clear_realpath_cache();
  r.realpath("@");
  const ReplyRef before = r.realpath_listing();
  expect(r.realpath("@/k3"), "@/f");
  const ReplyRef after = r.realpath_listing();
  expect(after, gained({"@/k3", "@/k2", "@/k1", "@/f"}, before));
  for (const char* link : {"@/k3", "@/k2", "@/k1"}) expect(after, at({link, "realpath"}, "@/f"));
}

CLAUSE_TEST(Scenario, "RP-ENT-03/directory-chain", "each link of a chain of directories maps to the end of the chain") {
  auto w = worker();
  write("@/d/f", "");
  make_link("@/k1", "d");
  make_link("@/k2", "k1");
  auto r = w.request();
  r.clear_realpath_cache();
  r.realpath("@");
  const ReplyRef before = r.realpath_listing();
  expect(r.realpath("@/k2/f"), "@/d/f");
  const ReplyRef after = r.realpath_listing();
  expect(after, gained({"@/d", "@/k1", "@/k2", "@/k2/f"}, before));
  expect(after, at({"@/k2", "realpath"}, "@/d"));
  expect(after, at({"@/k1", "realpath"}, "@/d"));
}

CLAUSE_TEST(Scenario, "RP-ENT-04/raw-path", "keys are raw paths with their dots and repeated slashes") {
  auto w = worker();
  write("@/releases/r1/index.php", returns(1));
  auto r = w.request();
  r.clear_realpath_cache();
  r.realpath("@/releases");
  const ReplyRef before = r.realpath_listing();
  expect(r.realpath("@/releases/../releases/./r1//index.php"), "@/releases/r1/index.php");
  const ReplyRef after = r.realpath_listing();
  expect(after,
         gained({"@/releases/../releases", "@/releases/../releases/./r1", "@/releases/../releases/./r1//index.php"},
                before));
  expect(after, at({"@/releases/../releases", "realpath"}, "@/releases"));
  expect(after, at({"@/releases/../releases/./r1//index.php", "realpath"}, "@/releases/r1/index.php"));
}

CLAUSE_TEST(Scenario, "RP-ENT-04/double-slash", "a doubled slash stays at the front and goes at the end") {
  auto w = worker();
  auto r = w.request();
  r.clear_realpath_cache();
  expect(r.realpath("//usr//"), "/usr");
  const ReplyRef listing = r.realpath_listing();
  expect(listing, has_keys({"//usr"}));
  expect(listing, at({"//usr", "realpath"}, "/usr"));
}

CLAUSE_TEST(Scenario, "RP-ENT-05/miss", "a miss stores nothing, not even its prefixes") {
  auto w = worker();
  make_directory("@/d");
  auto r = w.request();
  r.clear_realpath_cache();
  expect(r.realpath("@/d/missing"), false);
  expect(r.realpath_size(), 0);
  expect(r.realpath_listing(), has_length(0));
  write("@/d/missing", "");
  expect(w.realpath("@/d/missing"), "@/d/missing");
}

CLAUSE_TEST(Scenario, "RP-ENT-06/missing-file-read",
            "a failed read of a missing file caches the directories that exist") {
  auto w = worker();
  make_directory("@/d");
  auto r = w.request();
  r.clear_realpath_cache();
  r.realpath("@");
  const ReplyRef before = r.realpath_listing();
  expect(r.read_file("@/d/missing/x"), false);
  expect(r.realpath_listing(), gained({"@/d"}, before));
}

CLAUSE_TEST(Scenario, "RP-ENT-06/created-file", "a newly created file gets its entry at its next use") {
  auto w = worker();
  make_directory("@/d");
  auto r = w.request();
  r.clear_realpath_cache();
  r.realpath("@");
  const ReplyRef before = r.realpath_listing();
  expect(r.put_file("@/d/new", "text"), 4);
  expect(r.realpath_listing(), gained({"@/d"}, before));
  expect(r.read_file("@/d/new"), "text");
  expect(r.realpath_listing(), gained({"@/d", "@/d/new"}, before));
}

CLAUSE_TEST(Scenario, "RP-ENT-07/dangling-read", "a dangling link resolves once a program tried to read it") {
  auto w = worker();
  make_link("@/link", "missing");
  auto r = w.request();
  r.clear_realpath_cache();
  expect(r.realpath("@/link"), false);
  expect(r.read_file("@/link"), false);
  const ReplyRef listing = r.realpath_listing();
  expect(listing, at({"@/link", "realpath"}, "@/missing"));
  expect(listing, at({"@/link", "is_dir"}, false));
  expect(listing, lacks({"@/missing"}));
  expect(r.realpath("@/link"), "@/missing");
  r.clear_stat_cache(true, "@/link");
  expect(r.realpath("@/link"), false);
}

CLAUSE_TEST(Scenario, "RP-ENT-07/dangling-include", "a dangling link resolves once a program tried to include it") {
  auto w = worker();
  make_link("@/one", "missing");
  make_link("@/two", "missing");
  auto r = w.request();
  expect(r.include("@/one"), false);
  expect(r.include_once("@/two"), false);
  expect(r.realpath("@/one"), "@/missing");
  expect(r.realpath("@/two"), "@/missing");
}

CLAUSE_TEST(Scenario, "RP-ENT-08/removed-file", "the entry of a removed file stays, and opening it fails at once") {
  auto w = worker();
  write("@/f", "text");
  expect(w.realpath("@/f"), "@/f");
  remove("@/f");
  auto r = w.request();
  expect(r.realpath("@/f"), "@/f");
  expect(r.file_exists("@/f"), false);
  expect(r.read_file("@/f"), false);
  advance_clock(seconds(120));
  expect(w.realpath("@/f"), "@/f");
  advance_clock(seconds(1));
  expect(w.realpath("@/f"), false);
}

CLAUSE_TEST(Scenario, "RP-ENT-09/file-to-directory",
            "a path cached as a file stays one although it is a directory now") {
  auto w = worker();
  write("@/x", "");
  expect(w.realpath("@/x"), "@/x");
  remove("@/x");
  write("@/x/child", "text");
  auto r = w.request();
  expect(r.realpath("@/x/"), false);
  expect(r.realpath("@/x/child"), false);
  expect(r.read_file("@/x/child"), false);
  expect(r.realpath("@/x"), "@/x");
  expect(r.is_dir("@/x"), true);
  r.clear_realpath_cache();
  expect(r.realpath("@/x/"), "@/x");
  expect(r.realpath("@/x/child"), "@/x/child");
}

CLAUSE_TEST(Scenario, "RP-ENT-09/directory-to-file",
            "a path cached as a directory takes a trailing slash although it is a file now") {
  auto w = worker();
  make_directory("@/x");
  auto cached = w.request();
  expect(cached.realpath("@/x"), "@/x");
  expect(cached.realpath_listing(), at({"@/x", "is_dir"}, true));
  remove("@/x");
  write("@/x", "");
  auto r = w.request();
  expect(r.realpath("@/x/"), "@/x");
  r.clear_realpath_cache();
  expect(r.realpath("@/x/"), false);
  expect(r.realpath("@/x"), "@/x");
  expect(r.realpath_listing(), at({"@/x", "is_dir"}, false));
}

CLAUSE_TEST(Scenario, "RP-ENT-09/link-type", "a link has the type of its target") {
  auto w = worker();
  make_directory("@/d");
  write("@/f", "");
  make_link("@/to-d", "d");
  make_link("@/to-f", "f");
  auto r = w.request();
  expect(r.realpath("@/to-d"), "@/d");
  expect(r.realpath("@/to-f"), "@/f");
  const ReplyRef listing = r.realpath_listing();
  expect(listing, at({"@/to-d", "is_dir"}, true));
  expect(listing, at({"@/to-f", "is_dir"}, false));
}

CLAUSE_TEST(Scenario, "RP-ENT-10/fields", "an entry has exactly four fields in their order and types") {
  auto w = worker();
  make_directory("@/d");
  auto r = w.request();
  r.clear_realpath_cache();
  r.realpath("@/d");
  r.realpath("/usr");
  const ReplyRef listing = r.realpath_listing();
  for (const char* path : {"@/d", "/usr"}) {
    expect(listing, at({path}, has_keys({"key", "is_dir", "realpath", "expires"})));
    expect(listing, at({path, "key"}, any_of({of_type("int"), of_type("float")})));
    expect(listing, at({path, "is_dir"}, of_type("bool")));
    expect(listing, at({path, "realpath"}, of_type("string")));
    expect(listing, at({path, "expires"}, of_type("int")));
  }
}

CLAUSE_TEST(Scenario, "RP-ENT-13/failed-resolution", "a failed resolution adds nothing") {
  auto w = worker();
  write("@/d/f", "");
  make_link("@/d/a", "b");
  make_link("@/d/b", "a");
  auto r = w.request();
  r.clear_realpath_cache();
  expect(r.realpath("@/d/missing"), false);
  expect(r.realpath("@/d/f/"), false);
  expect(r.realpath("@/d/f/x"), false);
  expect(r.realpath("@/d/f/../f"), false);
  expect(r.realpath("@/d/a"), false);
  expect(r.read_file("@/d/f/x"), false);
  expect(r.read_file("@/d/a"), false);
  expect(r.realpath_size(), 0);
  expect(r.realpath_listing(), has_length(0));
}

CLAUSE_TEST(Scenario, "RP-ENT-14/dangling-directory", "a dangling link used as a directory stays no directory") {
  auto w = worker();
  make_link("@/link", "target");
  auto r = w.request();
  r.clear_realpath_cache();
  r.realpath("@");
  const ReplyRef before = r.realpath_listing();
  expect(r.read_file("@/link/x"), false);
  const ReplyRef after = r.realpath_listing();
  expect(after, gained({"@/link"}, before));
  expect(after, at({"@/link", "is_dir"}, false));
  write("@/target/x", "text");
  auto later = w.request();
  expect(later.read_file("@/link/x"), false);
  expect(later.realpath("@/link/x"), false);
  expect(later.realpath("@/link"), "@/target");
  expect(later.file_exists("@/link/x"), true);
  later.clear_realpath_cache();
  expect(later.read_file("@/link/x"), "text");
}

CLAUSE_TEST(Scenario, "RP-ENT-14/dangling-trailing-slash",
            "a dangling link with a trailing slash gets the same entry") {
  auto w = worker();
  make_link("@/link", "target");
  auto r = w.request();
  r.clear_realpath_cache();
  expect(r.read_file("@/link/"), false);
  const ReplyRef listing = r.realpath_listing();
  expect(listing, at({"@/link", "is_dir"}, false));
  expect(listing, at({"@/link", "realpath"}, "@/target"));
}
