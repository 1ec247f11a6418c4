// DP-09 to DP-11, DP-31, DP-32: scripts that are included by a link spelling, from a script that stays where it is.
#include "conformance/suite/deploy/releases.h"
#include "conformance/vocabulary/status_paths.h"

using namespace assay::conformance;
using std::chrono::seconds;

namespace {

// Polled once a second from the second of warm-up and swap, the include flips at exactly this second.
class IncludeFlips : public Releases {
 public:
  using Releases::Releases;

 protected:
  void flips_at(int second) {
    auto [one, two] = workers<2>();
    releases();
    expect(one.include(kLibrary), "r1");
    swap("r2");
    for (int now = 0; now < second; ++now) {
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
};

#define INCLUDE_FLIPS(title, second, ...)                                         \
  struct ASSAY_JOIN(Flips, __LINE__) final : IncludeFlips {                       \
    using IncludeFlips::IncludeFlips;                                             \
    void steps() override {                                                       \
      for (const auto& [name, value] : Directives{__VA_ARGS__}) ini(name, value); \
      flips_at(second);                                                           \
    }                                                                             \
  };                                                                              \
  [[maybe_unused]] const bool ASSAY_JOIN(flips_registered_, __LINE__) =           \
      detail::register_clause<ASSAY_JOIN(Flips, __LINE__)>("DP-09 DP-35", title, __FILE__, __LINE__);

INCLUDE_FLIPS("with the realpath cache off an include flips when the window has passed", 3,
              {"realpath_cache_size", "0"})
INCLUDE_FLIPS("with a check at each use and the realpath cache off an include flips at once", 0,
              {"realpath_cache_size", "0"}, {"opcache.revalidate_freq", "0"})
INCLUDE_FLIPS("with a time to live of 4 an include flips at 6 seconds", 6, {"realpath_cache_ttl", "4"})
INCLUDE_FLIPS("with the standard time to live an include flips at 123 seconds", 123, {"realpath_cache_ttl", "120"})

}  // namespace

DEPLOYMENT("DP-10", "a once-include follows the swap after one load") {
  ini("realpath_cache_size", "0");
  ini("opcache.revalidate_freq", "0");
  auto w = worker();
  releases();
  expect(w.include_once(kLibrary), "r1");
  swap("r2");
  expect(w.include_once(kLibrary), "r2");
}

DEPLOYMENT("DP-10", "a once-include sticks after two loads") {
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

DEPLOYMENT("DP-10", "the second call in one request counts as a load, although it is skipped") {
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

DEPLOYMENT("DP-10", "with revalidate_path a once-include flips with the realpath cache") {
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

DEPLOYMENT("DP-11", "one plain include un-sticks the once-includes of the same spelling") {
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

DEPLOYMENT("DP-31", "another file under the same real path is noticed by its time alone") {
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

struct UseCwd final : TwoDirectories {
  using TwoDirectories::TwoDirectories;
  void steps() override {
    auto w = worker();
    parts();
    for (const char* d : {"d1", "d2", "d1", "d2", "d2", "d1"}) from(w, d, d);
    for (const char* d : {"d1", "d2", "d1", "d2", "d2", "d1"}) from(w, d, d, true);
  }
};
[[maybe_unused]] const bool use_cwd_registered = detail::register_clause<UseCwd>(
    "DP-32", "equal relative names in two directories do not collide", __FILE__, __LINE__);

struct NoCwd final : TwoDirectories {
  using TwoDirectories::TwoDirectories;
  void steps() override {
    ini("opcache.use_cwd", "0");
    auto w = worker();
    parts();
    for (const char* d : {"d1", "d2", "d1", "d2", "d2", "d1"}) from(w, d, "d1");
    advance_clock(seconds(3));
    for (const char* d : {"d2", "d1", "d2"}) from(w, d, "d2");
  }
};
[[maybe_unused]] const bool no_cwd_registered = detail::register_clause<NoCwd>(
    "DP-32", "without use_cwd the directory that comes first in a window wins", __FILE__, __LINE__);

struct NoCwdNoWindow final : TwoDirectories {
  using TwoDirectories::TwoDirectories;
  void steps() override {
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
};
[[maybe_unused]] const bool no_cwd_no_window_registered = detail::register_clause<NoCwdNoWindow>(
    "DP-32", "without use_cwd and a window the right file runs, compiled anew at each turn", __FILE__, __LINE__);

struct NoCwdOnce final : TwoDirectories {
  using TwoDirectories::TwoDirectories;
  void steps() override {
    ini("opcache.use_cwd", "0");
    auto w = worker();
    parts();
    from(w, "d1", "d1", true);
    from(w, "d2", "d2", true);
    for (const char* d : {"d1", "d2", "d2", "d1"}) from(w, d, "d1", true);
    advance_clock(seconds(3));
    for (const char* d : {"d2", "d1", "d2"}) from(w, d, "d1", true);
  }
};
[[maybe_unused]] const bool no_cwd_once_registered = detail::register_clause<NoCwdOnce>(
    "DP-32", "without use_cwd a once-include collides for good when it has an alias", __FILE__, __LINE__);

}  // namespace
