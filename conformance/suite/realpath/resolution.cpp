// RP-PATH: what a path resolves to.
#include "conformance/registry/registration.h"

using namespace assay::conformance;

CLAUSE_TEST(Scenario, "RP-PATH-01/relative",
            "a relative path starts at the working directory, whose own name is free of links") {
  auto w = worker();
  write("@/real/index.php", returns(1));
  make_link("@/link", "real");
  auto r = w.request();
  r.clear_realpath_cache();
  r.realpath("@");
  const ReplyRef before = r.realpath_listing();
  expect(r.change_dir("@/link"), true);
  expect(r.realpath("index.php"), "@/real/index.php");
  expect(r.realpath_listing(), gained({"@/real", "@/real/index.php"}, before));
}

CLAUSE_TEST(Scenario, "RP-PATH-01/empty-and-dot", "the empty string and the dot are the working directory") {
  auto w = worker();
  make_directory("@/d");
  auto r = w.request();
  expect(r.change_dir("@/d"), true);
  expect(r.realpath(""), "@/d");
  expect(r.realpath("."), "@/d");
  expect(r.realpath(".."), "@");
  expect(r.read_file(""), throws("ValueError"));
}

CLAUSE_TEST(Scenario, "RP-PATH-01/chdir", "a relative path starts at the current directory, even in the next request") {
  auto w = worker();
  for (const char* directory : {"@/one", "@/two"}) write(std::string(directory) + "/f", directory);
  for (const char* directory : {"@/one", "@/two", "@/one"}) {
    auto r = w.request();
    expect(r.change_dir(directory), true);
    expect(r.realpath("f"), std::string(directory) + "/f");
    expect(r.read_file("f"), directory);
  }
  auto r = w.request();
  for (const char* directory : {"@/two", "@/one"}) {
    expect(r.change_dir(directory), true);
    expect(r.realpath("f"), std::string(directory) + "/f");
  }
}

CLAUSE_TEST(Scenario, "RP-PATH-02/dot-dot-link", "dot-dot goes to the parent of the target, not of the link") {
  auto w = worker();
  make_directory("@/app/releases/r1");
  make_link("@/app/current", "releases/r1");
  auto r = w.request();
  r.clear_realpath_cache();
  r.realpath("@");
  const ReplyRef before = r.realpath_listing();
  expect(r.realpath("@/app/current/.."), "@/app/releases");
  expect(r.realpath_listing(), gained({"@/app", "@/app/releases", "@/app/releases/r1", "@/app/current"}, before));
}

CLAUSE_TEST(Scenario, "RP-PATH-02/dot-dot-root", "dot-dot at the root stays there") {
  auto w = worker();
  expect(w.realpath("/.."), "/");
  expect(w.realpath("/../../usr"), "/usr");
}

CLAUSE_TEST(Scenario, "RP-PATH-02/dot-dot-file", "dot-dot after a name that is no directory fails") {
  auto w = worker();
  write("@/f", "text");
  make_link("@/link", "f");
  write("@/x", "text");
  auto r = w.request();
  r.clear_realpath_cache();
  expect(r.realpath("@/f/.."), false);
  expect(r.realpath("@/f/../x"), false);
  expect(r.realpath("@/link/../x"), false);
  expect(r.realpath("@/missing/../x"), false);
  expect(r.read_file("@/f/../x"), false);
  expect(r.read_file("@/link/../x"), false);
  expect(r.realpath_size(), 0);
}

CLAUSE_TEST(Scenario, "RP-PATH-03/trailing-slash", "a trailing slash demands a directory and is no part of the key") {
  auto w = worker();
  write("@/f", "text");
  make_directory("@/d");
  make_link("@/to-f", "f");
  make_link("@/to-d", "d");
  auto r = w.request();
  r.clear_realpath_cache();
  for (const char* path : {"@/f/", "@/f/.", "@/f//", "@/to-f/", "@/to-f/."}) expect(r.realpath(path), false);
  expect(r.read_file("@/f/"), false);
  expect(r.read_file("@/to-f/"), false);
  expect(r.realpath_size(), 0);
  r.realpath("@");
  const ReplyRef before = r.realpath_listing();
  expect(r.realpath("@/d/"), "@/d");
  expect(r.realpath("@/d/."), "@/d");
  expect(r.realpath_listing(), gained({"@/d"}, before));
  expect(r.realpath("@/to-d/"), "@/d");
  expect(r.realpath_listing(), gained({"@/d", "@/to-d"}, before));
}

CLAUSE_TEST(Scenario, "RP-PATH-03/missing-name",
            "a missing name with a trailing slash resolves leniently like any missing name") {
  auto w = worker();
  make_directory("@/d");
  auto r = w.request();
  r.clear_realpath_cache();
  r.realpath("@");
  const ReplyRef before = r.realpath_listing();
  expect(r.read_file("@/d/missing/"), false);
  expect(r.realpath_listing(), gained({"@/d"}, before));
}

CLAUSE_TEST(Scenario, "RP-PATH-03/missing-name-opened",
            "a trailing slash after a missing name is in the path that is opened") {
  auto w = worker();
  auto r = w.request();
  expect(r.put_file("@/new/", "text"), false);
  expect(r.file_exists("@/new"), false);
  expect(r.put_file("@/new/.", "text"), 4);
  expect(r.read_file("@/new"), "text");
}

CLAUSE_TEST(Scenario, "RP-PATH-05/loop", "a loop is not found and caches nothing") {
  auto w = worker();
  make_link("@/a", "b");
  make_link("@/b", "a");
  make_link("@/self", "self");
  auto r = w.request();
  r.clear_realpath_cache();
  expect(r.realpath("@/a"), false);
  expect(r.realpath("@/self"), false);
  expect(r.realpath("@/a/x"), false);
  expect(r.read_file("@/a"), false);
  expect(r.realpath_size(), 0);
}

CLAUSE_TEST(Scenario, "RP-PATH-05/loop-message", "a loop gives the message of a missing file") {
  auto w = worker();
  make_link("@/a", "b");
  make_link("@/b", "a");
  const ReplyRef included = w.include("@/a");
  expect(included, false);
  expect(included, diagnoses(at({0}, matches("No such file or directory"))));
}

CLAUSE_TEST(Scenario, "RP-PATH-06/path-limit", "a raw path of 4094 bytes resolves; one of 4095 does not") {
  auto w = worker();
  auto r = w.request();
  r.clear_realpath_cache();
  const std::string longest = std::string(4094 - 3, '/') + "usr";
  expect(r.realpath("/" + longest), false);
  expect(r.is_dir("/" + longest), true);
  expect(r.realpath("//" + longest), false);
  expect(r.is_dir("//" + longest), false);
  expect(r.realpath_size(), 0);
  expect(r.realpath(longest), "/usr");
  expect(r.realpath_size(), 48 + 4095 + 5);
}

CLAUSE_TEST(Scenario, "RP-PATH-06/name-limit", "a name of 256 bytes is not found") {
  auto w = worker();
  const std::string name(255, 'n');
  make_directory("@/" + name);
  expect(w.realpath("@/" + name), "@/" + name);
  expect(w.realpath("@/" + name + "n"), false);
  expect(w.read_file("@/" + name + "n"), false);
}

CLAUSE_TEST(Scenario, "RP-PATH-07/nul-byte", "a NUL byte is refused by resolving functions and false for asking ones") {
  auto w = worker();
  write("@/a", "text");
  const std::string name("@/a\0b", 5);
  auto r = w.request();
  r.realpath("@");
  const ReplyRef before = r.realpath_listing();
  expect(r.realpath(name), throws("ValueError"));
  expect(r.read_file(name), throws("ValueError"));
  expect(r.clear_stat_cache(true, name), throws("ValueError"));
  expect(r.file_exists(name), false);
  expect(r.is_file(name), false);
  expect(r.realpath_listing(), gained({}, before));
}

CLAUSE_TEST(Scenario, "RP-PATH-07/nul-byte-include",
            "an include of a name with a NUL byte fails without an exception") {
  auto w = worker();
  write("@/a", returns(1));
  expect(w.include(std::string("@/a\0b", 5)), false);
}

CLAUSE_TEST(Scenario, "RP-PATH-08/cached-prefix", "the walk to the left ends at the first cached prefix") {
  auto w = worker();
  make_directory("@/one/x");
  make_directory("@/two/x/y");
  make_link("@/link", "one");
  expect(w.realpath("@/link/x"), "@/one/x");
  auto r = w.request();
  r.clear_stat_cache(true, "@/link");
  swap_link("@/link", "two");
  auto later = w.request();
  // The kernel sees link/x/y by the new link; the parent is answered from the cache, the link itself is not looked at.
  expect(later.realpath("@/link/x/y"), "@/one/x/y");
  expect(later.realpath_listing(), lacks({"@/link"}));
}

CLAUSE_TEST(Scenario, "RP-PATH-09/hit", "a hit does not ask the file system") {
  auto w = worker();
  write("@/a/b/f", "");
  expect(w.realpath("@/a/b/f"), "@/a/b/f");
  remove("@/a");
  auto r = w.request();
  expect(r.realpath("@/a/b/f"), "@/a/b/f");
  expect(r.realpath("@/a/b"), "@/a/b");
  expect(r.realpath("@/a"), "@/a");
}

CLAUSE_TEST(Scenario, "RP-PATH-09/miss", "a miss below a cached directory asks for the full path alone") {
  auto w = worker();
  make_directory("@/one");
  write("@/two/f", "");
  make_link("@/link", "one");
  expect(w.realpath("@/link"), "@/one");
  swap_link("@/link", "two");
  auto r = w.request();
  expect(r.realpath("@/link/f"), "@/one/f");
  expect(r.realpath("@/link"), "@/one");
}

CLAUSE_TEST(Scenario, "RP-PATH-10/stale-link",
            "a leaf under a stale link is seen in the new target and named in the old one") {
  auto w = worker();
  write("@/r1/old", "old");
  write("@/r2/new", "new");
  make_link("@/current", "r1");
  expect(w.realpath("@/current"), "@/r1");
  swap_link("@/current", "r2");
  auto r = w.request();
  expect(r.realpath("@/current/new"), "@/r1/new");
  expect(r.read_file("@/current/new"), false);
  expect(r.is_file("@/current/new"), true);
  expect(r.realpath("@/current/old"), false);
  expect(r.read_file("@/current/old"), "old");
  expect(r.is_file("@/current/old"), false);
}

CLAUSE_TEST(Scenario, "RP-PATH-12/missing-directory",
            "reading through a missing directory and back works; asking does not") {
  auto w = worker();
  write("@/p/x", "text");
  write("@/p/x.php", returns("included"));
  auto r = w.request();
  r.clear_realpath_cache();
  r.realpath("@/p");
  const ReplyRef before = r.realpath_listing();
  expect(r.realpath("@/p/missing/../x"), false);
  expect(r.resolve_include_path("@/p/missing/../x"), false);
  expect(r.file_exists("@/p/missing/../x"), false);
  expect(r.read_file("@/p/missing/../x"), "text");
  expect(r.put_file("@/p/missing/../y", "written"), 7);
  expect(r.realpath_listing(), gained({}, before));
  expect(r.read_file("@/p/y"), "written");
}

CLAUSE_TEST(Scenario, "RP-PATH-12/missing-directory-include",
            "a plain include through a missing directory and back works") {
  auto w = worker();
  write("@/p/x.php", returns("included"));
  expect(w.include("@/p/missing/../x.php"), "included");
  expect(w.include_once("@/p/missing/../x.php"), "included");
}

CLAUSE_TEST(Scenario, "RP-PATH-12/below-file", "a name below a file fails outright and adds nothing") {
  auto w = worker();
  write("@/p/file", "text");
  auto r = w.request();
  r.clear_realpath_cache();
  expect(r.read_file("@/p/file/x"), false);
  expect(r.realpath_size(), 0);
}

CLAUSE_TEST(Scenario, "RP-PATH-13/removed-cwd",
            "relative names fail in a removed working directory; dots stay as they are") {
  auto w = worker();
  write("@/f", "text");
  make_directory("@/gone");
  auto r = w.request();
  expect(r.change_dir("@/gone"), true);
  expect(r.remove_dir("@/gone"), true);
  expect(r.realpath("x"), false);
  expect(r.realpath("./x"), false);
  expect(r.read_file("x"), false);
  expect(r.realpath("."), ".");
  expect(r.realpath(".."), "..");
  expect(r.realpath("../f"), "../f");
  expect(r.realpath("../missing"), false);
  expect(r.read_file("../f"), "text");
  expect(r.realpath_size(), 0);
  expect(r.realpath("@/f"), "@/f");
  expect(r.read_file("@/f"), "text");
}
