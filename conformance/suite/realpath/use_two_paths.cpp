// RP-USE-08: operations on two paths, and those that resolve nothing.
#include "conformance/registry/registration.h"

using namespace assay::conformance;

CLAUSE_TEST(Scenario, "RP-USE-08/symlink", "symlink resolves the link, then the target from the link's place") {
  auto w = worker();
  write("@/a/target", "");
  make_directory("@/b/real");
  make_link("@/way", "b/real");
  auto r = w.request();
  r.clear_realpath_cache();
  r.realpath("@");
  const ReplyRef before = r.realpath_listing();
  expect(r.symlink("../../a/target", "@/way/link"), true);
  expect(r.read_link("@/b/real/link"), "../../a/target");
  expect(r.realpath_listing(),
         gained({"@/b", "@/b/real", "@/way", "@/b/real/../../a", "@/b/real/../../a/target"}, before));
}

CLAUSE_TEST(Scenario, "RP-USE-08/link", "link resolves both paths from the working directory") {
  auto w = worker();
  write("@/a/f", "text");
  make_directory("@/b");
  auto r = w.request();
  r.clear_realpath_cache();
  r.realpath("@");
  const ReplyRef before = r.realpath_listing();
  expect(r.hard_link("a/f", "b/hard"), true);
  expect(r.realpath_listing(), gained({"@/a", "@/a/f", "@/b"}, before));
  expect(r.read_file("@/b/hard"), "text");
}

CLAUSE_TEST(Scenario, "RP-USE-08/copy", "copy resolves the source and, once that is open, the destination") {
  auto w = worker();
  write("@/a/f", "text");
  make_directory("@/b");
  auto r = w.request();
  r.clear_realpath_cache();
  r.realpath("@");
  const ReplyRef before = r.realpath_listing();
  expect(r.copy("@/a/f", "@/b/g"), true);
  expect(r.realpath_listing(), gained({"@/a", "@/a/f", "@/b"}, before));
}

CLAUSE_TEST(Scenario, "RP-USE-08/copy-unopened",
            "a copy whose source cannot be opened does not resolve the destination") {
  auto w = worker();
  make_directory("@/a");
  make_directory("@/b");
  auto r = w.request();
  r.clear_realpath_cache();
  r.realpath("@");
  const ReplyRef before = r.realpath_listing();
  expect(r.copy("@/a/missing", "@/b/g"), false);
  expect(r.realpath_listing(), gained({"@/a"}, before));
}

CLAUSE_TEST(Scenario, "RP-USE-08/copy-refused",
            "a copy from or onto a directory, or of a file onto itself, resolves nothing") {
  auto w = worker();
  write("@/a/f", "text");
  make_directory("@/d");
  auto r = w.request();
  r.clear_realpath_cache();
  expect(r.copy("@/d", "@/a/g"), false);
  expect(r.copy("@/a/f", "@/d"), false);
  expect(r.copy("@/a/f", "@/a/f"), false);
  expect(r.realpath_size(), 0);
}

CLAUSE_TEST(Scenario, "RP-USE-08/nameless-link", "links without a name fail before anything is resolved") {
  auto w = worker();
  write("@/a/f", "");
  auto r = w.request();
  r.clear_realpath_cache();
  expect(r.symlink("@/a/f", ""), false);
  expect(r.hard_link("@/a/f", ""), false);
  expect(r.realpath_size(), 0);
}

CLAUSE_TEST(Scenario, "RP-USE-08/tempnam", "tempnam resolves its directory") {
  auto w = worker();
  make_directory("@/d");
  make_link("@/link", "d");
  auto r = w.request();
  r.clear_realpath_cache();
  r.realpath("@");
  const ReplyRef before = r.realpath_listing();
  expect(r.temp_name("@/link", "t"), "@/d");
  expect(r.realpath_listing(), gained({"@/d", "@/link"}, before));
}

CLAUSE_TEST(Scenario, "RP-USE-08/other-functions", "touch, mkdir and failing renames and unlinks resolve nothing") {
  auto w = worker();
  make_directory("@/d");
  auto r = w.request();
  r.clear_realpath_cache();
  expect(r.touch("@/d/f"), true);
  expect(r.make_dir("@/d/one"), true);
  expect(r.make_dir("@/d/two/three", true), true);
  expect(r.rename("@/d/missing", "@/d/other"), false);
  expect(r.unlink("@/d/missing"), false);
  expect(r.rename("@/d/f", "@/d/g"), true);
  expect(r.unlink("@/d/g"), true);
  expect(r.realpath_size(), 0);
}
