// DP-27 to DP-29, DP-33: requests that see two releases, and commands that leave a gap.
#include "conformance/suite/deploy/releases.h"

using namespace assay::conformance;
using std::chrono::seconds;

namespace {

// A request that includes one part, stops while the link is swapped, and includes the other.
class Straddling : public Releases {
 public:
  using Releases::Releases;

 protected:
  void parts() {
    releases();
    for (const char* release : {"r1", "r2"}) {
      for (const char* name : {"p1", "p2"})
        write(std::string("@/releases/") + release + "/" + name + ".php", returns(release));
    }
  }
  void straddle(WorkerHandle worker, const char* first, const char* second) {
    auto r = worker.background("straddling");
    expect(r.include("@/current/p1.php"), first);
    expect(r.rendezvous("swap"), true);
    wait_for_arrival("swap");
    swap("r2");
    expect(r.include("@/current/p2.php"), second);
    release("swap");
    await("straddling");
  }
};

#define STRADDLING(title, second, ...)                                            \
  struct ASSAY_JOIN(Straddles, __LINE__) final : Straddling {                     \
    using Straddling::Straddling;                                                 \
    void steps() override {                                                       \
      for (const auto& [name, value] : Directives{__VA_ARGS__}) ini(name, value); \
      auto w = worker();                                                          \
      parts();                                                                    \
      straddle(w, "r1", second);                                                  \
    }                                                                             \
  };                                                                              \
  [[maybe_unused]] const bool ASSAY_JOIN(straddles_registered_, __LINE__) =       \
      detail::register_clause<ASSAY_JOIN(Straddles, __LINE__)>("DP-27", title, __FILE__, __LINE__);

STRADDLING("with the realpath cache off a request across the swap is mixed", "r2", {"realpath_cache_size", "0"})
STRADDLING("with both caches off a request across the swap is mixed", "r2", {"realpath_cache_size", "0"},
           {"opcache.enable", "0"})
STRADDLING("with revalidate_path and the realpath cache off a request across the swap is mixed", "r2",
           {"realpath_cache_size", "0"}, {"opcache.revalidate_path", "1"})
STRADDLING("the realpath cache pins a request to one release", "r1", {"realpath_cache_ttl", "120"})
STRADDLING("the realpath cache pins a request to one release, without OPcache", "r1", {"opcache.enable", "0"})
STRADDLING("the realpath cache pins a request to one release, with revalidate_path", "r1",
           {"opcache.revalidate_path", "1"})

struct KnownBefore final : Straddling {
  using Straddling::Straddling;
  void steps() override {
    ini("realpath_cache_size", "0");
    auto w = worker();
    parts();
    expect(w.include("@/current/p2.php"), "r1");
    straddle(w, "r1", "r1");
  }
};
[[maybe_unused]] const bool known_before_registered = detail::register_clause<KnownBefore>(
    "DP-27", "what OPcache knew before the swap pins a request, too", __FILE__, __LINE__);

// A front controller that takes the folder of everything else from its own file, once.
class FrontController : public Releases {
 public:
  using Releases::Releases;

 protected:
  // The releases of the two parts of a request across the swap, and those of the next one.
  void pinned(const char* next) {
    auto w = worker();
    for (const char* release : {"r1", "r2"}) {
      const std::string folder = std::string("@/releases/") + release;
      for (const char* name : {"p1", "p2"}) write(folder + "/" + name + ".php", returns(release));
      script(release, "index.php",
             "$base = dirname(__FILE__); echo include $base . '/p1.php'; if ('" + std::string(release) +
                 "' === 'r1') { " + waits("swap") + " } echo ' ', include $base . '/p2.php';");
    }
    make_link("@/current", "releases/r1");
    auto r = w.background("pinned");
    expect(r.serve(kPage), page("r1 r1"));
    wait_for_arrival("swap");
    swap("r2");
    release("swap");
    await("pinned");
    gives(w, next);
  }
};

struct PinnedWithoutCaches final : FrontController {
  using FrontController::FrontController;
  void steps() override {
    ini("opcache.enable", "0");
    ini("realpath_cache_size", "0");
    pinned("r2 r2");
  }
};
[[maybe_unused]] const bool pinned_1 = detail::register_clause<PinnedWithoutCaches>(
    "DP-28", "a front controller that pins itself is not mixed, with both caches off", __FILE__, __LINE__);

struct PinnedWithOpcache final : FrontController {
  using FrontController::FrontController;
  void steps() override {
    ini("realpath_cache_size", "0");
    pinned("r1 r1");
  }
};
[[maybe_unused]] const bool pinned_2 = detail::register_clause<PinnedWithOpcache>(
    "DP-28", "a front controller that pins itself is not mixed, and with OPcache the next request is old", __FILE__,
    __LINE__);

struct PinnedWithLink final : FrontController {
  using FrontController::FrontController;
  void steps() override {
    ini("opcache.enable", "0");
    pinned("r1 r1");
  }
};
[[maybe_unused]] const bool pinned_3 = detail::register_clause<PinnedWithLink>(
    "DP-28", "a front controller that pins itself is not mixed, and with the link entry live the next request is old",
    __FILE__, __LINE__);

struct PinnedWithRevalidatePath final : FrontController {
  using FrontController::FrontController;
  void steps() override {
    ini("realpath_cache_size", "0");
    ini("opcache.revalidate_path", "1");
    pinned("r2 r2");
  }
};
[[maybe_unused]] const bool pinned_4 = detail::register_clause<PinnedWithRevalidatePath>(
    "DP-28", "a front controller that pins itself is not mixed, with revalidate_path", __FILE__, __LINE__);

// A main script that reports its release, its folder, the working directory, and three ways to include.
class Contradiction : public Releases {
 public:
  using Releases::Releases;

 protected:
  void scripts() {
    releases();
    for (const char* release : {"r1", "r2"}) {
      script(release, "where.php",
             "echo json_encode(['" + std::string(release) +
                 "', basename(__DIR__), basename(getcwd()), include __DIR__ . '/lib.php', include './lib.php', include "
                 "'lib.php']);");
    }
  }
  void tells(WorkerHandle worker, const std::vector<Value>& expected) {
    expect(worker.serve("@/current/where.php"), page(Value::list(expected)));
  }
  const std::vector<Value> old_ = std::vector<Value>(6, "r1"), new_ = std::vector<Value>(6, "r2"),
                           mixed_ = {"r1", "r1", "r2", "r1", "r2", "r2"};
};

#define CONTRADICTION(title, stale, fresh, ...)                                   \
  struct ASSAY_JOIN(Contradicts, __LINE__) final : Contradiction {                \
    using Contradiction::Contradiction;                                           \
    void steps() override {                                                       \
      for (const auto& [name, value] : Directives{__VA_ARGS__}) ini(name, value); \
      auto [used, unused] = workers<2>();                                         \
      scripts();                                                                  \
      tells(used, old_);                                                          \
      swap("r2");                                                                 \
      for (int i = 0; i < 2; ++i) tells(used, stale);                             \
      for (int i = 0; i < 2; ++i) tells(unused, fresh);                           \
    }                                                                             \
  };                                                                              \
  [[maybe_unused]] const bool ASSAY_JOIN(contradicts_registered_, __LINE__) =     \
      detail::register_clause<ASSAY_JOIN(Contradicts, __LINE__)>("DP-29", title, __FILE__, __LINE__);

CONTRADICTION("at defaults a stale main script includes from both releases", mixed_, mixed_,
              {"realpath_cache_ttl", "120"})
CONTRADICTION("with the realpath cache off a stale main script includes from both releases", mixed_, mixed_,
              {"realpath_cache_size", "0"})
CONTRADICTION("without OPcache a stale main script includes from both releases, an unused worker is new", mixed_, new_,
              {"opcache.enable", "0"})
CONTRADICTION("with revalidate_path a stale main script includes from both releases, an unused worker is new", mixed_,
              new_, {"opcache.revalidate_path", "1"})
CONTRADICTION("with revalidate_path and the realpath cache off nothing is mixed", new_, new_,
              {"opcache.revalidate_path", "1"}, {"realpath_cache_size", "0"})

}  // namespace

DEPLOYMENT("DP-33", "a link inside the old release does not swap") {
  ini("opcache.enable", "0");
  ini("realpath_cache_size", "0");
  auto w = worker();
  releases();
  gives(w, "r1/r1");
  make_link("@/current/r2", "releases/r2");  // what the force option alone does where the link names a directory
  gives(w, "r1/r1");
  expect(w.is_link("@/releases/r1/r2"), true);
  expect(w.read_link("@/current"), "releases/r1");
}

DEPLOYMENT("DP-33", "between removal and creation of the link requests get 404, and nothing of it is remembered") {
  ini("opcache.enable", "0");
  auto [used, unused] = workers<2>();
  releases();
  remove("@/current");
  for (WorkerHandle worker : {used, unused}) {
    expect(worker.serve(kPage), not_found());
    expect(worker.realpath_listing(), lacks({"@/current"}));
  }
  make_link("@/current", "releases/r2");
  gives(used, "r2/r2");
  gives(unused, "r2/r2");
}

DEPLOYMENT("DP-33 DP-29",
           "without the link a warm worker serves the old release from a folder that is not the release's") {
  auto w = worker();
  releases();
  script("r1", "where.php", "echo json_encode(['r1', basename(getcwd()) === 'r1', @include './lib.php']);");
  gives(w, "r1/r1");
  expect(w.serve("@/current/where.php"), page(Value::list({"r1", true, "r1"})));
  remove("@/current");
  gives(w, "r1/r1");
  expect(w.serve("@/current/where.php"), page(Value::list({"r1", false, false})));
  expect(w.serve("@/current/never-asked-for.php"), not_found());
}

DEPLOYMENT("DP-33", "between removal and creation of the link a cached main script is not found") {
  ini("realpath_cache_size", "0");
  auto w = worker();
  releases();
  gives(w, "r1/r1");
  remove("@/current");
  expect(w.serve(kPage), not_found());
  make_link("@/current", "releases/r2");
  gives(w, "r1/r1");
}
