// SC-SEC-01 to SC-SEC-03: what pools of one runtime that trust each other less may have of each other's scripts.
#include "conformance/suite/script/common.h"

using namespace assay::conformance;

namespace {

Matcher warns_only(std::vector<Matcher> texts) {
  std::vector<Matcher> all{has_length(static_cast<std::int64_t>(texts.size()))};
  for (std::size_t i = 0; i < texts.size(); ++i) all.push_back(at({static_cast<std::int64_t>(i)}, texts[i]));
  return diagnoses(all_of(std::move(all)));
}

// A pool of the owner of a file that nobody else may read, and one of another user.
class TwoUsers : public Scenario {
 public:
  using Scenario::Scenario;

 protected:
  void begin(const char* validate) {
    needs("workers.users");
    ini("opcache.validate_permission", validate);
    owner = worker();
    stranger = worker({{"user", "nobody"}});
    write("@/secret.php", returns("secret"));
    set_mode("@/secret.php", 0600);
  }
  void begin_cached(const char* validate) {
    begin(validate);
    expect(owner.include("@/secret.php"), "secret");
  }
  // Refused without an attempt to open the file, so that there is one warning.
  static Matcher forbidden(const std::string& function) {
    return all_of({equals(false), warns_only({matches("^Warning: " + function +
                                                      "\\(\\): Failed opening '@/secret.php' for inclusion")})});
  }
  static Matcher not_opened(const std::string& function) {
    return all_of(
        {equals(false), warns_only({matches("^Warning: " + function + "\\(.*Failed to open stream: Permission denied"),
                                    matches("^Warning: " + function + "\\(\\): Failed opening '@/secret.php'")})});
  }

  WorkerHandle owner, stranger;
};

}  // namespace

CLAUSE_TEST(TwoUsers, "SC-SEC-01/by-default", "a cached script is served to a user who cannot read the file") {
  begin("0");
  expect(stranger.include("@/secret.php"), not_opened("include"));
  expect(owner.include("@/secret.php"), "secret");
  auto before = stranger.status();
  expect(stranger.include("@/secret.php"), "secret");
  expect(stranger.read_file("@/secret.php"), false);
  expect(stranger.status(), grew(hits, 1, before));
}

CLAUSE_TEST(TwoUsers, "SC-SEC-01/refused", "a cached script is refused to a user who cannot read the file") {
  begin_cached("1");
  auto before = stranger.status();
  expect(stranger.include("@/secret.php"), forbidden("include"));
  expect(stranger.include_once("@/secret.php"), forbidden("include_once"));
  expect(stranger.compile_file("@/secret.php"), forbidden("opcache_compile_file"));
  for (const char* how : {"require", "require_once"})
    expect(stranger.include("@/secret.php", how), throws("Error", "Failed opening required '@/secret.php'"));
  expect(stranger.status(), all_of({same_as(before, hits), same_as(before, misses), same_as(before, wasted)}));
  expect(owner.include("@/secret.php"), "secret");
  expect(owner.status(), grew(hits, 1, before));
}

CLAUSE_TEST(TwoUsers, "SC-SEC-01/each-use", "the permission is looked at on each use, also within the window") {
  ini("opcache.revalidate_freq", "60");
  begin_cached("1");
  expect(stranger.include("@/secret.php"), forbidden("include"));
  set_mode("@/secret.php", 0644);
  auto before = stranger.status();
  expect(stranger.include("@/secret.php"), "secret");
  expect(stranger.status(), grew(hits, 1, before));
  set_mode("@/secret.php", 0600);
  expect(stranger.include("@/secret.php"), forbidden("include"));
}

CLAUSE_TEST(Scenario, "SC-SEC-01/gone", "SC-VAL-02",
            "with validate_permission a script whose file is gone is not served within the window") {
  ini("opcache.validate_permission", "1");
  ini("opcache.revalidate_freq", "60");
  auto w = worker();
  for (const char* name : {"gone", "folder", "there"}) write(std::string("@/") + name + ".php", returns(name));
  for (const char* name : {"gone", "folder", "there"}) expect(w.include(std::string("@/") + name + ".php"), name);
  for (const char* name : {"gone", "folder"}) remove(std::string("@/") + name + ".php");
  make_directory("@/folder.php");
  auto before = w.status();
  expect(w.include("@/gone.php"),
         all_of({equals(false), warns_only({matches("^Warning: include\\(\\): Failed opening '@/gone.php'")})}));
  expect(w.status(), all_of({same_as(before, hits), same_as(before, misses)}));
  for (const char* name : {"folder", "there"}) expect(w.include(std::string("@/") + name + ".php"), name);
}

CLAUSE_TEST(TwoUsers, "SC-KEY-07/opened", "SC-SEC-01",
            "with revalidate_path an include opens a cached file, a once-include does not") {
  ini("opcache.revalidate_path", "1");
  begin_cached("0");
  auto before = stranger.status();
  expect(stranger.include("@/secret.php"), not_opened("include"));
  expect(stranger.compile_file("@/secret.php"), not_opened("opcache_compile_file"));
  expect(stranger.status(), all_of({same_as(before, hits), same_as(before, misses)}));
  expect(stranger.include_once("@/secret.php"), "secret");
  expect(stranger.status(), all_of({grew(hits, 1, before), same_as(before, misses)}));
}

CLAUSE_TEST(TwoUsers, "SC-SEC-01/folder", "a cached script in a folder that the user cannot enter is refused") {
  begin("1");
  write("@/closed/a.php", returns("closed"));
  set_mode("@/closed", 0700);
  expect(owner.include("@/closed/a.php"), "closed");
  expect(stranger.include("@/closed/a.php"), equals(false));
  set_mode("@/closed", 0755);
  expect(stranger.include("@/closed/a.php"), "closed");
}

CLAUSE_TEST(TwoUsers, "SC-SEC-01/queries", "queries and invalidation do not ask for the permission") {
  begin_cached("1");
  expect(stranger.is_cached("@/secret.php"), true);
  expect(stranger.invalidate("@/secret.php", true), true);
  for (WorkerHandle worker : {owner, stranger}) expect(worker.is_cached("@/secret.php"), false);
  expect(stranger.include("@/secret.php"), not_opened("include"));
}

CLAUSE_TEST(TwoUsers, "SC-SEC-01/main-script", "a cached main script is refused to a user who cannot read it") {
  needs("deploy");
  begin("1");
  write("@/page.php", php("echo 'page';"));
  set_mode("@/page.php", 0600);
  expect(stranger.serve("@/page.php"), at({"status"}, 403));
  expect(owner.serve("@/page.php"), page("page"));
  expect(stranger.serve("@/page.php"), all_of({at({"body"}, negated(matches("page"))),
                                               warns_only({matches("Failed opening required '@/page.php'")})}));
  set_mode("@/page.php", 0644);
  expect(stranger.serve("@/page.php"), page("page"));
}

namespace {

// Two pools, each with a folder as its root: for its workers "@" is that folder.
class TwoRoots : public Scenario {
 public:
  using Scenario::Scenario;

 protected:
  void begin(const char* validate) {
    needs("workers.roots");
    ini("opcache.validate_root", validate);
    one = worker({{"chroot", "@/one"}});
    two = worker({{"chroot", "@/two"}});
    for (const char* root : {"one", "two"}) {
      write(std::string("@/") + root + "/app.php", returns(root));
      write(std::string("@/") + root + "/page.php", php(std::string("echo include '/app.php', ' ") + root + "';"));
    }
    start();
  }
  void expect_counts(std::int64_t scripts_then, std::int64_t hits_then, std::int64_t misses_then) {
    expect(one.status(false), all_of({at(scripts, scripts_then), at(hits, hits_then), at(misses, misses_then)}));
  }

  WorkerHandle one, two;
};

}  // namespace

CLAUSE_TEST(TwoRoots, "SC-SEC-02/by-default", "pools in two roots share what has the same path in both") {
  begin("0");
  expect(one.include("@/app.php"), "one");
  expect(two.include("@/app.php"), "one");
  expect_counts(1, 1, 1);
}

CLAUSE_TEST(TwoRoots, "SC-SEC-02/separate", "GU-IDN-01", "pools in two roots have entries of their own") {
  begin("1");
  for (int times = 0; times < 2; ++times) {
    expect(one.include("@/app.php"), "one");
    expect(two.include("@/app.php"), "two");
  }
  expect_counts(2, 2, 2);
}

CLAUSE_TEST(TwoRoots, "SC-SEC-02/spellings", "GU-IDN-01", "every spelling reaches the entry of the worker's own root") {
  begin("1");
  for (const char* path : {"@/app.php", "@/./app.php", "@/./app.php"}) {
    expect(one.include(path), "one");
    expect(two.include(path), "two");
    expect(one.include_once(path), "one");
    expect(two.include_once(path), "two");
  }
}

CLAUSE_TEST(TwoRoots, "SC-SEC-02/control", "queries and invalidation reach only the worker's own root") {
  begin("1");
  expect(one.include("@/app.php"), "one");
  expect(two.is_cached("@/app.php"), false);
  expect(two.include("@/app.php"), "two");
  expect(two.invalidate("@/app.php", true), true);
  expect(two.is_cached("@/app.php"), false);
  expect(one.is_cached("@/app.php"), true);
  expect(two.include("@/app.php"), "two");
  expect(one.include("@/app.php"), "one");
}

CLAUSE_TEST(TwoRoots, "SC-SEC-02/restart", "GU-IDN-01", "roots stay apart after a restart") {
  begin("1");
  expect(one.include("@/app.php"), "one");
  expect(two.include("@/app.php"), "two");
  expect(one.reset(), true);
  expect(two.include("@/app.php"), "two");
  expect(one.include("@/app.php"), "one");
  expect_counts(2, 0, 2);
}

CLAUSE_TEST(TwoRoots, "SC-SEC-02/full-table", "GU-IDN-01 SC-RST-07", "roots stay apart when the table is full") {
  ini("opcache.max_accelerated_files", "200");
  constexpr int files = 120;
  const auto name = [](int file) { return "/" + std::to_string(file) + ".php"; };
  for (int i = 0; i < files; ++i) {
    write("@/one" + name(i), returns("one of " + std::to_string(i)));
    write("@/two" + name(i), returns("two of " + std::to_string(i)));
  }
  begin("1");
  for (int times = 0; times < 2; ++times) {
    for (auto [worker, root] : {std::pair(one, "one of "), std::pair(two, "two of ")}) {
      auto r = worker.request();
      for (int i = 0; i < files; ++i) expect(r.include("@" + name(i)), root + std::to_string(i));
    }
  }
  expect(two.status(false), at(status_path::full, true));
}

CLAUSE_TEST(TwoRoots, "SC-SEC-02/main-script", "GU-IDN-01", "main scripts of two roots have entries of their own") {
  needs("deploy");
  begin("1");
  for (int times = 0; times < 2; ++times) {
    expect(one.serve("@/page.php"), page("one one"));
    expect(two.serve("@/page.php"), page("two two"));
  }
  expect_counts(4, 4, 4);
}

namespace {

// A pool that may open files of one folder only, and one that may open all.
class Confined : public Scenario {
 public:
  using Scenario::Scenario;

 protected:
  void begin() {
    needs("script_cache.open_basedir");
    free = worker();
    confined = worker({{"open_basedir", "@/../scratch:@/allowed"}});
    make_directory("@/allowed");
    write("@/outside.php", returns("outside"));
  }
  void refuses(const char* path) {
    expect(confined.include(path), all_of({equals(false), diagnoses(at({0}, matches("open_basedir restriction")))}));
  }

  WorkerHandle free, confined;
};

}  // namespace

CLAUSE_TEST(Confined, "SC-SEC-03/hit", "open_basedir does not keep a cached script from whoever uses its key") {
  begin();
  refuses("@/outside.php");
  expect(free.include("@/outside.php"), "outside");
  auto before = confined.status();
  expect(confined.include("@/outside.php"), "outside");
  expect(confined.status(), grew(hits, 1, before));
}

CLAUSE_TEST(Confined, "SC-SEC-03/as-file", "open_basedir keeps the file itself from whoever is served its script") {
  needs("script_cache.open_basedir.files");
  begin();
  expect(free.include("@/outside.php"), "outside");
  expect(confined.include("@/outside.php"), "outside");
  expect(confined.read_file("@/outside.php"), false);
  expect(free.read_file("@/outside.php"), returns("outside"));
}

CLAUSE_TEST(Confined, "SC-SEC-03/new-spelling", "open_basedir keeps a cached script from a spelling that is no key") {
  begin();
  expect(free.include("@/outside.php"), "outside");
  refuses("@/./outside.php");
  expect(free.include("@/./outside.php"), "outside");
  expect(confined.include("@/./outside.php"), "outside");
}

CLAUSE_TEST(Confined, "SC-SEC-03/invalid", "open_basedir keeps an invalid entry from being compiled again") {
  begin();
  expect(free.include("@/outside.php"), "outside");
  expect(confined.include("@/outside.php"), "outside");
  expect(confined.invalidate("@/outside.php", true), true);
  expect(free.is_cached("@/outside.php"), false);
  refuses("@/outside.php");
  expect(free.include("@/outside.php"), "outside");
  expect(confined.include("@/outside.php"), "outside");
}

CLAUSE_TEST(Confined, "SC-SEC-03/revalidate-path",
            "with revalidate_path open_basedir keeps a cached script from others") {
  ini("opcache.revalidate_path", "1");
  begin();
  expect(free.include("@/outside.php"), "outside");
  refuses("@/outside.php");
}
