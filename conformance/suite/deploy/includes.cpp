// DP-09 to DP-11, DP-31, DP-32: scripts that are included by a link spelling, from a script that stays where it is.
#include "conformance/suite/deploy/releases.h"
#include "conformance/vocabulary/status_paths.h"

using namespace assay::conformance;
using std::chrono::seconds;

namespace {

// Polled once a second from the second of warm-up and swap, the include switches at exactly this second.
class IncludeSwitches : public Releases {
 public:
  IncludeSwitches(const Description& target, int second, Directives settings)
      : Releases(target), second_(second), settings_(std::move(settings)) {}

 protected:
  void steps() override {
    ini(settings_);
    auto [one, two] = workers<2>();
    releases();
    expect(one.include(kLibrary), "r1");
    swap("r2");
    for (int now = 0; now < second_; ++now) {
      expect(one.include(kLibrary), "r1");
      advance_clock(seconds(1));
    }
    const ReplyRef before = two.status();
    expect(one.include(kLibrary), "r2");
    const ReplyRef after = two.status();
    expect(after, grew(statistic("misses"), 1, before));
    expect(after, grew(statistic("num_cached_scripts"), 1, before));
    expect(after, grew(statistic("num_cached_keys"), 1, before));
    expect(after, differs_from(before, status_path::wasted));
    expect(one.include(kLibrary), "r2");
    expect(two.include(kLibrary), "r2");
    expect(two.status(), grew(statistic("misses"), 0, after));
  }

 private:
  int second_;
  Directives settings_;
};

[[maybe_unused]] const bool includes_registered = register_tests({
    clause_test<IncludeSwitches>("DP-09/realpath-off", "DP-35",
                                 "an include switches after the window with the realpath cache off",
                                 with(3, Directives{{"realpath_cache_size", "0"}})),
    clause_test<IncludeSwitches>("DP-09/realpath-off-no-window", "DP-35",
                                 "an include switches at once with the realpath cache off and a check at each use",
                                 with(0, Directives{{"realpath_cache_size", "0"}, {"opcache.revalidate_freq", "0"}})),
    clause_test<IncludeSwitches>("DP-09/ttl-4", "DP-35", "an include switches after 6 seconds with a TTL of 4",
                                 with(6, Directives{{"realpath_cache_ttl", "4"}})),
    clause_test<IncludeSwitches>("DP-09/ttl-default", "DP-35",
                                 "an include switches after 123 seconds with the default TTL",
                                 with(123, Directives{{"realpath_cache_ttl", "120"}})),
});

}  // namespace

CLAUSE_TEST(Releases, "DP-10/one-load", "a once-include switches after a single load") {
  ini("realpath_cache_size", "0");
  ini("opcache.revalidate_freq", "0");
  auto w = worker();
  releases();
  expect(w.include_once(kLibrary), "r1");
  swap("r2");
  expect(w.include_once(kLibrary), "r2");
}

CLAUSE_TEST(Releases, "DP-10/two-loads", "a once-include sticks after two loads") {
  ini("realpath_cache_size", "0");
  ini("opcache.revalidate_freq", "0");
  auto [one, two] = workers<2>();
  releases();
  for (int i = 0; i < 2; ++i) expect(one.include_once(kLibrary), "r1");
  swap("r2");
  for (int at = 0; at < 30; at += 3) {
    expect(one.include_once(kLibrary), "r1");
    expect(two.include_once(kLibrary), "r1");
    advance_clock(seconds(3));
  }
}

CLAUSE_TEST(Releases, "DP-10/skipped-call-counts", "a skipped include_once in the same request counts as a load") {
  ini("realpath_cache_size", "0");
  ini("opcache.revalidate_freq", "0");
  auto w = worker();
  releases();
  const ReplyRef before = w.status();
  auto r = w.request();
  expect(r.include_once(kLibrary), "r1");
  expect(r.include_once(kLibrary), true);
  const ReplyRef after = w.status();
  expect(after, grew(statistic("num_cached_scripts"), 1, before));
  expect(after, grew(statistic("num_cached_keys"), 2, before));
  swap("r2");
  expect(w.include_once(kLibrary), "r1");
  advance_clock(seconds(60));
  expect(w.include_once(kLibrary), "r1");
}

CLAUSE_TEST(Releases, "DP-10/revalidate-path",
            "a once-include switches with the realpath cache under revalidate_path") {
  ini("opcache.revalidate_path", "1");
  auto slow = worker({{"realpath_cache_ttl", "4"}});
  auto quick = worker({{"realpath_cache_size", "0"}});
  releases();
  for (int i = 0; i < 2; ++i) {
    expect(slow.include_once(kLibrary), "r1");
    expect(quick.include_once(kLibrary), "r1");
  }
  swap("r2");
  expect(quick.include_once(kLibrary), "r2");
  advance_clock(seconds(4));
  expect(slow.include_once(kLibrary), "r1");
  advance_clock(seconds(1));
  expect(slow.include_once(kLibrary), "r2");
}

CLAUSE_TEST(Releases, "DP-11/plain-include", "a plain include unsticks the once-includes of its spelling") {
  ini("realpath_cache_size", "0");
  ini("opcache.revalidate_freq", "0");
  auto [one, two] = workers<2>();
  releases();
  for (int i = 0; i < 2; ++i) expect(one.include_once(kLibrary), "r1");
  swap("r2");
  expect(two.include_once(kLibrary), "r1");
  expect(one.include(kLibrary), "r2");
  expect(two.include_once(kLibrary), "r2");
}

CLAUSE_TEST(Releases, "DP-31/same-realpath", "another file under the same real path is noticed by its time alone") {
  ini("opcache.revalidate_freq", "0");
  auto w = worker();
  write("@/a.php", returns("old"), 500);
  expect(w.include("@/a.php"), "old");
  write("@/a.php", returns("same time"), 500);
  expect(w.include("@/a.php"), "old");
  advance_clock(seconds(200));
  expect(w.include("@/a.php"), "old");
  write("@/a.php", returns("new"), 500);
  expect(w.include("@/a.php"), "new");
}

namespace {

// The parts of two directories, by the relative name that both have.
class TwoDirectories : public Releases {
 public:
  using Releases::Releases;

 protected:
  void parts() {
    write("@/d1/part.php", returns("d1"));
    write("@/d2/part.php", returns("d2"));
  }
  void from(WorkerHandle w, const std::string& directory, const char* expected, bool once = false) {
    auto r = w.request();
    r.change_dir("@/" + directory);
    expect(once ? r.include_once("./part.php") : r.include("./part.php"), expected);
  }
};

}  // namespace

CLAUSE_TEST(TwoDirectories, "DP-32/relative-names", "equal relative names in two directories do not collide") {
  auto w = worker();
  parts();
  for (const char* d : {"d1", "d2", "d1", "d2", "d2", "d1"}) from(w, d, d);
  for (const char* d : {"d1", "d2", "d1", "d2", "d2", "d1"}) from(w, d, d, true);
}

CLAUSE_TEST(TwoDirectories, "DP-32/no-cwd-window", "the first directory in a window wins without use_cwd") {
  ini("opcache.use_cwd", "0");
  auto w = worker();
  parts();
  for (const char* d : {"d1", "d2", "d1", "d2", "d2", "d1"}) from(w, d, "d1");
  advance_clock(seconds(3));
  for (const char* d : {"d2", "d1", "d2"}) from(w, d, "d2");
}

CLAUSE_TEST(TwoDirectories, "DP-32/no-cwd-no-window",
            "the right file runs, recompiled at each turn, without use_cwd and a window") {
  ini("opcache.use_cwd", "0");
  ini("opcache.revalidate_freq", "0");
  auto w = worker();
  parts();
  from(w, "d1", "d1");
  ReplyRef before = w.status();
  for (const char* d : {"d2", "d1", "d2"}) {
    from(w, d, d);
    const ReplyRef after = w.status();
    expect(after, grew(statistic("misses"), 1, before));
    expect(after, differs_from(before, status_path::wasted));
    before = after;
  }
}

CLAUSE_TEST(TwoDirectories, "DP-32/no-cwd-once-alias",
            "a once-include with an alias collides for good without use_cwd") {
  ini("opcache.use_cwd", "0");
  auto w = worker();
  parts();
  from(w, "d1", "d1", true);
  from(w, "d2", "d2", true);
  for (const char* d : {"d1", "d2", "d2", "d1"}) from(w, d, "d1", true);
  advance_clock(seconds(3));
  for (const char* d : {"d2", "d1", "d2"}) from(w, d, "d1", true);
}
