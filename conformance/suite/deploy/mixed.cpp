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

// The same on one worker with these settings.
class StraddlingOnce : public Straddling {
 public:
  StraddlingOnce(const Description& target, const char* second, Directives settings)
      : Straddling(target), second_(second), settings_(std::move(settings)) {}

 protected:
  void steps() override {
    ini(settings_);
    auto w = worker();
    parts();
    straddle(w, "r1", second_);
  }

 private:
  const char* second_;
  Directives settings_;
};

[[maybe_unused]] const bool straddling_registered = register_tests({
    clause_test<StraddlingOnce>("DP-27/mixed-realpath-off",
                                "a request across the switch is mixed with the realpath cache off",
                                with("r2", Directives{{"realpath_cache_size", "0"}})),
    clause_test<StraddlingOnce>("DP-27/mixed-both-off", "a request across the switch is mixed with both caches off",
                                with("r2", Directives{{"realpath_cache_size", "0"}, {"opcache.enable", "0"}})),
    clause_test<StraddlingOnce>("DP-27/mixed-revalidate-realpath-off",
                                "a request across the switch is mixed with revalidate_path and the realpath cache off",
                                with("r2", Directives{{"realpath_cache_size", "0"}, {"opcache.revalidate_path", "1"}})),
    clause_test<StraddlingOnce>("DP-27/one-release", "the realpath cache keeps a request on one release",
                                with("r1", Directives{{"realpath_cache_ttl", "120"}})),
    clause_test<StraddlingOnce>("DP-27/one-release-no-opcache",
                                "the realpath cache keeps a request on one release without OPcache",
                                with("r1", Directives{{"opcache.enable", "0"}})),
    clause_test<StraddlingOnce>("DP-27/one-release-revalidate-path",
                                "the realpath cache keeps a request on one release with revalidate_path",
                                with("r1", Directives{{"opcache.revalidate_path", "1"}})),
});

}  // namespace

CLAUSE_TEST(Straddling, "DP-27/one-release-cached-before",
            "scripts that OPcache held before the switch keep a request on one release") {
  ini("realpath_cache_size", "0");
  auto w = worker();
  parts();
  expect(w.include("@/current/p2.php"), "r1");
  straddle(w, "r1", "r1");
}

namespace {

// A front controller that takes the folder of everything else from its own file, once.
class FrontController : public Releases {
 public:
  // `next`: the releases of the two parts of the request after the one that runs across the swap.
  FrontController(const Description& target, const char* next, Directives settings)
      : Releases(target), next_(next), settings_(std::move(settings)) {}

 protected:
  void steps() override {
    ini(settings_);
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
    gives(w, next_);
  }

 private:
  const char* next_;
  Directives settings_;
};

[[maybe_unused]] const bool front_controller_registered = register_tests({
    clause_test<FrontController>("DP-28/front-both-off",
                                 "a self-pinning front controller is not mixed with both caches off",
                                 with("r2 r2", Directives{{"opcache.enable", "0"}, {"realpath_cache_size", "0"}})),
    clause_test<FrontController>("DP-28/front-opcache",
                                 "a self-pinning front controller is not mixed with OPcache; the next request is old",
                                 with("r1 r1", Directives{{"realpath_cache_size", "0"}})),
    clause_test<FrontController>(
        "DP-28/front-live-link",
        "a self-pinning front controller is not mixed with a live link entry; the next request is old",
        with("r1 r1", Directives{{"opcache.enable", "0"}})),
    clause_test<FrontController>(
        "DP-28/front-revalidate-path", "a self-pinning front controller is not mixed with revalidate_path",
        with("r2 r2", Directives{{"realpath_cache_size", "0"}, {"opcache.revalidate_path", "1"}})),
});

const std::vector<Value> of_old(6, "r1"), of_new(6, "r2"), of_both = {"r1", "r1", "r2", "r1", "r2", "r2"};

// A main script that reports its release, its folder, the working directory, and three ways to include.
class Contradiction : public Releases {
 public:
  // What a used worker and an unused one tell after the swap.
  Contradiction(const Description& target, std::vector<Value> used, std::vector<Value> unused, Directives settings)
      : Releases(target), used_(std::move(used)), unused_(std::move(unused)), settings_(std::move(settings)) {}

 protected:
  void steps() override {
    ini(settings_);
    auto [used, unused] = workers<2>();
    scripts();
    tells(used, of_old);
    swap("r2");
    for (int i = 0; i < 2; ++i) tells(used, used_);
    for (int i = 0; i < 2; ++i) tells(unused, unused_);
  }

 private:
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

  std::vector<Value> used_, unused_;
  Directives settings_;
};

[[maybe_unused]] const bool contradiction_registered = register_tests({
    clause_test<Contradiction>("DP-29/defaults", "a stale main script includes from both releases at the defaults",
                               with(of_both, of_both, Directives{{"realpath_cache_ttl", "120"}})),
    clause_test<Contradiction>("DP-29/realpath-off",
                               "a stale main script includes from both releases with the realpath cache off",
                               with(of_both, of_both, Directives{{"realpath_cache_size", "0"}})),
    clause_test<Contradiction>(
        "DP-29/no-opcache", "a stale main script includes from both releases without OPcache; an unused worker is new",
        with(of_both, of_new, Directives{{"opcache.enable", "0"}})),
    clause_test<Contradiction>(
        "DP-29/revalidate-path",
        "a stale main script includes from both releases with revalidate_path; an unused worker is new",
        with(of_both, of_new, Directives{{"opcache.revalidate_path", "1"}})),
    clause_test<Contradiction>(
        "DP-29/revalidate-realpath-off", "nothing is mixed with revalidate_path and the realpath cache off",
        with(of_new, of_new, Directives{{"opcache.revalidate_path", "1"}, {"realpath_cache_size", "0"}})),
});

}  // namespace

CLAUSE_TEST(Releases, "DP-33/link-inside-release", "a link inside the old release switches nothing") {
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

CLAUSE_TEST(Releases, "DP-33/link-gap", "requests get 404 while the link is missing, and nothing is remembered") {
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

CLAUSE_TEST(Releases, "DP-33/link-gap-warm-worker", "DP-29",
            "a warm worker serves the old release from a foreign folder while the link is missing") {
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

CLAUSE_TEST(Releases, "DP-33/link-gap-cached-script", "a cached main script is not found while the link is missing") {
  ini("realpath_cache_size", "0");
  auto w = worker();
  releases();
  gives(w, "r1/r1");
  remove("@/current");
  expect(w.serve(kPage), not_found());
  make_link("@/current", "releases/r2");
  gives(w, "r1/r1");
}
