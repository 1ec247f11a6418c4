// RP-USE: which operations read and fill the cache, and with which paths.
#include "conformance/registry/registration.h"

using namespace assay::conformance;

CLAUSE_TEST(Scenario, "RP-USE-01/file-functions",
            "reading, writing and resolving a file leave an entry for each of its prefixes") {
  auto w = worker();
  write("@/a/f", "text");
  auto r = w.request();
  r.clear_realpath_cache();
  r.realpath("@");
  const ReplyRef before = r.realpath_listing();
  const auto expect_all = [&] {
    expect(r.realpath_listing(), gained({"@/a", "@/a/f"}, before));
    r.clear_realpath_cache();
    r.realpath("@");
  };
  expect(r.realpath("@/a/f"), "@/a/f");
  expect_all();
  expect(r.read_file("@/a/f"), "text");
  expect_all();
  expect(r.read_file("file://@/a/f"), "text");
  expect_all();
  expect(r.put_file("@/a/f", "text"), 4);
  expect_all();
  expect(r.resolve_include_path("@/a/f"), "@/a/f");
  expect_all();
}

CLAUSE_TEST(Scenario, "RP-USE-01/includes", "all four forms of include leave an entry for each prefix") {
  ini("opcache.enable", "0");
  auto w = worker();
  for (const char* form : {"include", "include_once", "require", "require_once"}) {
    const std::string file = std::string("@/a/") + form + ".php";
    write(file, returns(form));
  }
  auto forms = w.request();
  forms.clear_realpath_cache();
  forms.realpath("@");
  const ReplyRef before = forms.realpath_listing();
  const auto expect_entry = [&](ReplyRef included, const std::string& form) {
    expect(included, form);
    expect(forms.realpath_listing(), gained({"@/a", "@/a/" + form + ".php"}, before));
    forms.clear_realpath_cache();
    forms.realpath("@");
  };
  expect_entry(forms.include("@/a/include.php"), "include");
  expect_entry(forms.include_once("@/a/include_once.php"), "include_once");
  expect_entry(forms.require("@/a/require.php"), "require");
  expect_entry(forms.require_once("@/a/require_once.php"), "require_once");
}

CLAUSE_TEST(Scenario, "RP-USE-01/opened-file", "the file opened is the one that the cache says") {
  auto w = worker();
  write("@/r1/f", "one");
  write("@/r2/f", "two");
  make_link("@/current", "r1");
  expect(w.read_file("@/current/f"), "one");
  swap_link("@/current", "r2");
  auto r = w.request();
  expect(r.read_file("@/current/f"), "one");
  expect(r.put_file("@/current/f", "changed"), 7);
  expect(r.read_file("@/r1/f"), "changed");
  expect(r.copy("@/current/f", "@/copied"), true);
  expect(r.read_file("@/copied"), "changed");
}

CLAUSE_TEST(Scenario, "RP-USE-01/any-bytes", "bytes that are no text name a file like any others") {
  ini("opcache.enable", "0");
  auto w = worker();
  const std::string directory = "@/\xff\xfe", file = directory + "/\xc3.php", link = "@/\x80\xbf";
  write(file, returns("of bytes"));
  make_link(link, "\xff\xfe");
  auto r = w.request();
  r.clear_realpath_cache();
  r.realpath("@");
  const ReplyRef before = r.realpath_listing();
  expect(r.realpath(link + "/\xc3.php"), file);
  expect(r.include(link + "/\xc3.php"), "of bytes");
  expect(r.read_link(link), "\xff\xfe");
  expect(r.realpath(link + "/\xe2\x82"), false);
  expect(r.realpath_listing(), gained({directory, link, link + "/\xc3.php"}, before));
}

CLAUSE_TEST(Scenario, "RP-USE-01/file-url", "realpath does not know the scheme of a file URL") {
  auto w = worker();
  write("@/f", "");
  expect(w.realpath("file://@/f"), false);
}

CLAUSE_TEST(Scenario, "RP-USE-02/stat-adds-nothing", "stat functions and directory operations do not fill the cache") {
  auto w = worker();
  write("@/a/f", "");
  make_link("@/a/link", "f");
  auto r = w.request();
  r.clear_realpath_cache();
  expect(r.file_exists("@/a/f"), true);
  expect(r.is_file("@/a/f"), true);
  expect(r.is_dir("@/a"), true);
  expect(r.is_link("@/a/link"), true);
  expect(r.is_readable("@/a/f"), true);
  expect(r.is_writable("@/a/f"), true);
  expect(r.is_executable("@/a/f"), false);
  expect(r.file_mtime("@/a/f"), now() - 1000);
  expect(r.file_size("@/a/f"), 0);
  expect(r.read_link("@/a/link"), "f");
  expect(r.touch("@/a/f"), true);
  expect(r.chmod("@/a/f", 0600), true);
  expect(r.make_dir("@/a/d"), true);
  expect(r.make_dir("@/a/x/y/z", true), true);
  expect(r.scan_dir("@/a"), Value::list({".", "..", "d", "f", "link", "x"}));
  expect(r.change_dir("@/a"), true);
  expect(r.current_dir(), "@/a");
  expect(r.realpath_size(), 0);
  expect(r.realpath_listing(), has_length(0));
}

CLAUSE_TEST(Scenario, "RP-USE-02/access-checks", "access checks ask the file system each time") {
  auto w = worker();
  write("@/f", "");
  expect(w.realpath("@/f"), "@/f");
  for (int i = 0; i < 2; ++i) {
    set_mode("@/f", 0644);
    expect(w.is_executable("@/f"), false);
    set_mode("@/f", 0755);
    expect(w.is_executable("@/f"), true);
  }
}

CLAUSE_TEST(Scenario, "RP-USE-02/stat-reads-nothing", "stat functions and directory operations do not read the cache") {
  auto w = worker();
  write("@/r1/old", "old text");
  write("@/r2/new", "new");
  make_link("@/current", "r1");
  expect(w.realpath("@/current"), "@/r1");
  swap_link("@/current", "r2");
  auto r = w.request();
  expect(r.file_exists("@/current/new"), true);
  expect(r.is_file("@/current/new"), true);
  expect(r.is_readable("@/current/new"), true);
  expect(r.is_writable("@/current/new"), true);
  expect(r.file_size("@/current/new"), 3);
  expect(r.file_exists("@/current/old"), false);
  expect(r.read_link("@/current"), "r2");
  expect(r.scan_dir("@/current"), Value::list({".", "..", "new"}));
  expect(r.touch("@/current/touched"), true);
  expect(r.make_dir("@/current/made"), true);
  expect(r.file_exists("@/r2/touched"), true);
  expect(r.is_dir("@/r2/made"), true);
  expect(r.change_dir("@/current"), true);
  expect(r.current_dir(), "@/r2");
}

CLAUSE_TEST(Scenario, "RP-USE-03/dot-in-key", "a dot of the include path or the program stays in the key") {
  ini("include_path", ".");
  ini("opcache.enable", "0");
  auto w = worker();
  write("@/f.php", returns("f"));
  write("@/g.php", returns("g"));
  auto r = w.request();
  r.clear_realpath_cache();
  r.realpath("@");
  const ReplyRef before = r.realpath_listing();
  expect(r.include("f.php"), "f");
  expect(r.realpath_listing(), gained({"@/./f.php"}, before));
  expect(r.include("./g.php"), "g");
  expect(r.realpath_listing(), gained({"@/./f.php", "@/./g.php"}, before));
}

CLAUSE_TEST(Scenario, "RP-USE-03/leading-dot", "a name with a leading dot does not use the include path") {
  ini("include_path", "@/lib");
  auto w = worker();
  write("@/lib/f.php", returns("of the include path"));
  make_directory("@/app");
  auto r = w.request();
  expect(r.change_dir("@/app"), true);
  expect(r.include("f.php"), "of the include path");
  expect(r.include("./f.php"), false);
  expect(r.include("../f.php"), false);
}

CLAUSE_TEST(Scenario, "RP-USE-04/other-wrapper", "a path of another wrapper does not touch the cache") {
  needs("realpath_cache.wrappers");
  auto w = worker();
  auto r = w.request();
  r.clear_realpath_cache();
  expect(r.read_file("data:text/plain,hello"), "hello");
  expect(r.realpath_size(), 0);
}

CLAUSE_TEST(Scenario, "RP-USE-05/alias", "an include answered by a script cache alias resolves nothing") {
  auto first = worker();
  auto second = worker();
  write("@/app/r1/f.php", returns("one"));
  make_link("@/app/current", "r1");
  auto compiling = first.request();
  compiling.clear_realpath_cache();
  expect(compiling.include("@/app/current/f.php"), "one");
  expect(compiling.realpath_listing(), has({"@/app/current/f.php"}));
  auto r = second.request();
  r.clear_realpath_cache();
  expect(r.include("@/app/current/f.php"), "one");
  expect(r.realpath_listing(), has_length(0));
}

CLAUSE_TEST(Scenario, "RP-USE-05/revalidate-path", "an include is resolved in every worker with revalidate_path") {
  ini("opcache.revalidate_path", "1");
  auto first = worker();
  auto second = worker();
  write("@/app/f.php", returns("one"));
  expect(first.include("@/app/f.php"), "one");
  auto r = second.request();
  r.clear_realpath_cache();
  expect(r.include("@/app/f.php"), "one");
  expect(r.realpath_listing(), has({"@/app/f.php"}));
}

CLAUSE_TEST(Scenario, "RP-USE-06/include-path",
            "a bare include takes the first element with the name, and misses leave nothing") {
  ini("include_path", "@/one:@/two:@/three");
  ini("opcache.enable", "0");
  auto w = worker();
  make_directory("@/one");
  write("@/two/f.php", returns("two"));
  write("@/three/f.php", returns("three"));
  auto r = w.request();
  r.clear_realpath_cache();
  r.realpath("@");
  const ReplyRef before = r.realpath_listing();
  expect(r.include("f.php"), "two");
  expect(r.realpath_listing(), gained({"@/two", "@/two/f.php"}, before));
  expect(r.resolve_include_path("f.php"), "@/two/f.php");
}

CLAUSE_TEST(Scenario, "RP-USE-06/cwd-last", "the working directory comes last, even for a name it has") {
  ini("include_path", "@/inc");
  auto w = worker();
  write("@/inc/f.php", returns("of the include path"));
  write("@/here/f.php", returns("of the working directory"));
  write("@/here/g.php", returns("of the working directory"));
  auto r = w.request();
  expect(r.change_dir("@/here"), true);
  expect(r.include("f.php"), "of the include path");
  expect(r.resolve_include_path("f.php"), "@/inc/f.php");
  expect(r.include("g.php"), "of the working directory");
  expect(r.resolve_include_path("g.php"), false);
}

CLAUSE_TEST(Scenario, "RP-USE-06/script-directory", "the including script's directory follows the include path") {
  ini("include_path", "@/one");
  ini("opcache.enable", "0");
  auto w = worker();
  make_directory("@/one");
  write("@/app/main.php", php("return include 'part.php';"));
  write("@/app/part.php", returns("of the script's directory"));
  auto r = w.request();
  r.clear_realpath_cache();
  r.realpath("@");
  const ReplyRef before = r.realpath_listing();
  expect(r.include("@/app/main.php"), "of the script's directory");
  expect(r.realpath_listing(), gained({"@/app", "@/app/main.php", "@/app/part.php"}, before));
}

CLAUSE_TEST(Scenario, "RP-USE-06/nowhere", "a name found nowhere leaves the prefixes of the working directory") {
  ini("include_path", "@/one:@/two");
  auto w = worker();
  make_directory("@/one");
  make_directory("@/two");
  make_directory("@/here");
  auto r = w.request();
  r.clear_realpath_cache();
  r.realpath("@");
  const ReplyRef before = r.realpath_listing();
  expect(r.change_dir("@/here"), true);
  expect(r.include("missing.php"), false);
  expect(r.realpath_listing(), gained({"@/here"}, before));
}

CLAUSE_TEST(Scenario, "RP-USE-06/bare-read", "reading a bare name uses the working directory only") {
  ini("include_path", "@/one");
  auto w = worker();
  write("@/one/f", "of the include path");
  write("@/here/g", "of the working directory");
  auto r = w.request();
  expect(r.change_dir("@/here"), true);
  expect(r.read_file("f"), false);
  expect(r.read_file("g"), "of the working directory");
}

CLAUSE_TEST(Scenario, "RP-USE-06/relative-element",
            "a relative element of the include path starts at the working directory") {
  ini("include_path", "lib");
  auto w = worker();
  write("@/app/lib/f.php", returns("of app/lib"));
  auto r = w.request();
  expect(r.change_dir("@/app"), true);
  expect(r.include("f.php"), "of app/lib");
}

CLAUSE_TEST(Scenario, "RP-USE-06/absolute-name",
            "an absolute name skips the search, and a missing file caches its directories") {
  auto w = worker();
  make_directory("@/d");
  auto r = w.request();
  r.clear_realpath_cache();
  r.realpath("@");
  const ReplyRef before = r.realpath_listing();
  expect(r.include("@/d/missing.php"), false);
  expect(r.realpath_listing(), gained({"@/d"}, before));
  r.clear_stat_cache(true, "@/d");
  expect(r.include_once("@/d/missing.php"), false);
  expect(r.realpath_listing(), gained({"@/d"}, before));
}

CLAUSE_TEST(Scenario, "RP-USE-07/include-once",
            "the once-include that opens its file also resolves the result; the next does not") {
  ini("opcache.enable", "0");
  auto w = worker();
  write("@/r1/f.php", returns("one"));
  make_link("@/current", "r1");
  auto r = w.request();
  r.clear_realpath_cache();
  r.realpath("@");
  const ReplyRef before = r.realpath_listing();
  expect(r.include_once("@/current/f.php"), "one");
  expect(r.realpath_listing(), gained({"@/r1", "@/current", "@/current/f.php", "@/r1/f.php"}, before));
  r.clear_realpath_cache();
  r.realpath("@");
  expect(r.include_once("@/current/f.php"), true);
  expect(r.realpath_listing(), gained({"@/r1", "@/current", "@/current/f.php"}, before));
  r.clear_realpath_cache();
  r.realpath("@");
  expect(r.include("@/current/f.php"), "one");
  expect(r.realpath_listing(), gained({"@/r1", "@/current", "@/current/f.php"}, before));
}
