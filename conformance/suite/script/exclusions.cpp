// SC-EXC: scripts that a list of patterns keeps out of the cache.
#include "conformance/suite/script/common.h"
#include "conformance/vocabulary/status_paths.h"

using namespace assay::conformance;

namespace {

const Path listed_patterns = {"blacklist"};
using status_path::blacklist_misses;

// Lists are read when the cache starts.
class WithList : public Scenario {
 public:
  using Scenario::Scenario;

 protected:
  void list(const std::string& text, const std::string& file = "@/lists/one.txt") {
    needs("script_cache.blacklist");
    write(file, text);
    reload();
  }
  void keeps_out(RequestBuilder& request, const std::string& path) {
    request.include(path);
    expect(request.is_cached(path), false);
  }
  void lets_in(RequestBuilder& request, const std::string& path) {
    request.include(path);
    expect(request.is_cached(path), true);
  }
};

}  // namespace

CLAUSE_TEST(WithList, "SC-EXC-01/list-syntax",
            "a list has one pattern per line, without comments, quotes and line ends but with blanks") {
  ini("opcache.blacklist_filename", "@/lists/one.txt");
  auto w = worker();
  write("@/target.php", returns(1));
  make_link("@/lists/link.php", "../target.php");
  list(
      "; no pattern\n/no/such/absolute.php\nrelative.php\n\n\"quoted.php\"\r\n leading.php\ntrailing.php \nlink.php\n"
      "wild*.php\n");
  expect(w.configuration(),
         at(listed_patterns,
            Value::list({"/no/such/absolute.php", "@/lists/relative.php", "@/lists/quoted.php", "@/lists/ leading.php",
                         "@/lists/trailing.php ", "@/target.php", "@/lists/wild*.php"})));
}

CLAUSE_TEST(WithList, "SC-EXC-01/odd-lines",
            "empty lines, CR, NUL, quotes, tabs and a missing last newline of a list are read as such") {
  ini("opcache.blacklist_filename", "@/lists/one.txt");
  auto w = worker();
  using namespace std::string_literals;
  list(
      "\n\r\n\nplain.php\r\ntwo-cr.php\r\r\ncut.php\0 off.php\n\0nothing\n\"\n\"\"\n\"open.php\n ; no "
      "comment\n;comment\n"
      "# none.php\n\ttab.php\t\n\"\"twice.php\"\"\nlast.php"s);
  expect(w.configuration(),
         at(listed_patterns, Value::list({"@/lists/plain.php", "@/lists/two-cr.php\r", "@/lists/cut.php",
                                          "@/lists/\"open.php", "@/lists/ ; no comment", "@/lists/# none.php",
                                          "@/lists/\ttab.php\t", "@/lists/\"twice.php\"", "@/lists/last.php"})));
}

CLAUSE_TEST(WithList, "SC-EXC-01/long-line", "GU-SYS-02",
            "a line that is too long for a path excludes nothing, neither in whole nor in part") {
  ini("opcache.blacklist_filename", "@/lists/one.txt");
  auto w = worker();
  write("@/a.php", returns(1));
  write("@/out.php", returns(1));
  list(std::string(6000, 'x') + "\n" + std::string(4094, 'y') + "\n../out.php\n");
  expect(w.configuration(), at(listed_patterns, Value::list({"@/out.php"})));
  auto r = w.request();
  lets_in(r, "@/a.php");
  keeps_out(r, "@/out.php");
}

CLAUSE_TEST(WithList, "SC-EXC-01/list-glob", "the setting may be a glob whose lists are joined") {
  ini("opcache.blacklist_filename", "@/lists/*.txt");
  auto w = worker();
  write("@/lists/other.list", "not_read.php\n");
  write("@/lists/one.txt", "one.php\n");
  list("two.php\n", "@/lists/two.txt");
  expect(w.configuration(), at(listed_patterns, Value::list({"@/lists/one.php", "@/lists/two.php"})));
}

CLAUSE_TEST(WithList, "SC-EXC-01/linked-script", "a script behind a link of the list is excluded under its own name") {
  ini("opcache.blacklist_filename", "@/lists/one.txt");
  auto w = worker();
  for (const char* path : {"@/target.php", "@/other.php"}) write(path, returns(1));
  make_link("@/lists/link.php", "../target.php");
  list("link.php\n");
  auto r = w.request();
  keeps_out(r, "@/target.php");
  keeps_out(r, "@/lists/link.php");
  lets_in(r, "@/other.php");
}

CLAUSE_TEST(WithList, "SC-EXC-01/linked-pattern",
            "links in the existing part of a pattern are followed and its spelling folded") {
  ini("opcache.blacklist_filename", "@/lists/one.txt");
  auto w = worker();
  for (const char* path : {"@/releases/1/a.php", "@/releases/1/b.php", "@/plain.php"}) write(path, returns(1));
  make_link("@/current", "releases/1");
  list("../current/a.php\n../current/no*.php\n../current/none.php\n./.././/plain.php\n../current/\n");
  expect(w.configuration(),
         at(listed_patterns, Value::list({"@/releases/1/a.php", "@/releases/1/no*.php", "@/releases/1/none.php",
                                          "@/plain.php", "@/releases/1/"})));
  auto r = w.request();
  keeps_out(r, "@/current/a.php");
  keeps_out(r, "@/releases/1/a.php");
  keeps_out(r, "@/releases/1/b.php");
  keeps_out(r, "@/plain.php");
}

CLAUSE_TEST(WithList, "SC-EXC-02/wildcards",
            "a pattern matches from the start of a path, and its wildcards stop at a slash") {
  ini("opcache.blacklist_filename", "@/one.txt");
  auto w = worker();
  const std::vector<std::string> out = {"@/q1.php",      "@/tpl_1.php", "@/tpl_.php",    "@/c/one.php",
                                        "@/c/d/two.php", "@/pre.php",   "@/prefix.php",  "@/lit.php",
                                        "@/lit.php5",    "@/z/x/y.php", "@/z/x/x/y.php", "@/b[1].php"};
  const std::vector<std::string> in = {"@/q12.php", "@/tplx.php", "@/Pre.php",  "@/litxphp",
                                       "@/z/y.php", "@/b1.php",   "@/s/x/y.php"};
  for (const auto* paths : {&out, &in}) {
    for (const std::string& path : *paths) write(path, returns(1));
  }
  list("q?.php\ntpl_*.php\nc/*\npre\nlit.php\nz/**/y.php\nb[1].php\ns/*.php\n", "@/one.txt");
  auto r = w.request();
  for (const std::string& path : out) keeps_out(r, path);
  for (const std::string& path : in) lets_in(r, path);
}

CLAUSE_TEST(WithList, "SC-EXC-02/resolved-path", "a script reached by a link is matched by its resolved path") {
  ini("opcache.blacklist_filename", "@/one.txt");
  auto w = worker();
  for (const char* path : {"@/out/a.php", "@/in/b.php"}) write(path, returns(1));
  make_link("@/to_out.php", "out/a.php");
  make_link("@/out/to_in.php", "../in/b.php");
  list("out/\n", "@/one.txt");
  auto r = w.request();
  keeps_out(r, "@/to_out.php");
  lets_in(r, "@/out/to_in.php");
}

CLAUSE_TEST(WithList, "SC-EXC-03/counted", "SC-STA-06",
            "each use of an excluded script is counted, and it is never listed") {
  ini("opcache.blacklist_filename", "@/one.txt");
  auto [one, two] = workers<2>();
  write("@/out.php", returns("out"));
  write("@/in.php", returns("in"));
  list("out.php\n", "@/one.txt");
  two.include("@/in.php");
  auto r = one.request();
  auto before = r.status();
  for (int use = 0; use < 2; ++use) expect(r.include("@/out.php"), "out");
  expect(r.compile_file("@/out.php"), true);
  expect(r.require("@/out.php"), "out");
  expect(r.include("@/in.php"), "in");
  expect(r.status(), all_of({grew(blacklist_misses, 4, before), grew(misses, 0, before),
                             lacks({"scripts", "@/out.php"}), has({"scripts", "@/in.php"})}));
  write("@/out.php", returns("newer"));
  expect(two.include("@/out.php"), "newer");
}

namespace {

class WhilePending : public WithList {
 public:
  using WithList::WithList;

 protected:
  // So many of one use of an excluded script are blacklist misses, the others plain ones.
  void counts(std::int64_t excluded) {
    ini("opcache.blacklist_filename", "@/one.txt");
    auto w = worker();
    write("@/out.php", returns("out"));
    list("out.php\n", "@/one.txt");
    auto r = w.request();
    expect(r.reset(), true);
    auto before = r.status();
    expect(r.include("@/out.php"), "out");
    expect(r.status(), all_of({grew(blacklist_misses, excluded, before), grew(misses, 1 - excluded, before)}));
  }
};

}  // namespace

CLAUSE_TEST(WhilePending, "SC-EXC-03/pending", "SC-STA-06",
            "an excluded script is counted as any other while a restart is pending") {
  counts(0);
}

CLAUSE_TEST(WhilePending, "SC-EXC-03/pending-with-files", "SC-STA-06 SC-FIL-05",
            "with a file cache an excluded script is counted as such while a restart is pending") {
  needs("script_cache.file_cache");
  ini("opcache.file_cache", "@");
  counts(1);
}

CLAUSE_TEST(WithList, "SC-EXC-04/no-list", "the cache works with an empty list where no list is found") {
  needs("script_cache.blacklist");
  ini("opcache.blacklist_filename", "@/lists/none.txt");
  auto w = worker();
  write("@/a.php", returns(1));
  expect(w.configuration(), at(listed_patterns, Elements{}));
  expect(w.include("@/a.php"), 1);
  expect(w.is_cached("@/a.php"), true);
}
