// DP-23 to DP-26: pools, masters, and roots that the web server has resolved.
#include "conformance/suite/deploy/releases.h"
#include "conformance/vocabulary/status_paths.h"

using namespace assay::conformance;
using std::chrono::seconds;

CLAUSE_TEST(Releases, "DP-23/second-pool", "a second pool of the same master is not isolated") {
  auto [blue, green] = workers<2>();
  releases();
  gives(blue, "r1/r1");
  swap("r2");
  gives(green, "r1/r1");
  const ReplyRef before = blue.status();
  expect(green.status(), same_as(before, statistic("num_cached_keys")));
  expect(green.reset(), true);
  expect(blue.status(), grew(statistic("manual_restarts"), 1, before));
  gives(green, "r2/r2");
  gives(blue, "r2/r2");
}

CLAUSE_TEST(Releases, "DP-24/two-masters", "two masters are isolated from each other") {
  auto blue = worker();
  auto green = worker_of_master(1);
  releases();
  gives(blue, "r1/r1");
  swap("r2");
  gives(green, "r2/r2");
  gives(blue, "r1/r1");
  expect(green.reset(), true);
  gives(green, "r2/r2");
  for (int i = 0; i < 3; ++i) {
    gives(blue, "r1/r1");
    advance_clock(seconds(100));
  }
  gives(green, "r2/r2");
}

CLAUSE_TEST(Releases, "DP-25/resolved-root",
            "a root resolved by the web server switches at the next request; a configured one never does") {
  needs("deploy.web_server");
  auto all = workers<2>();
  releases();
  script("r2", "new.php", "echo 'new';");
  const auto visit = [&](WorkerHandle worker, const std::string& name, bool resolved, Matcher expected) {
    expect(worker.visit(name, "@/current", resolved), std::move(expected));
  };
  for (WorkerHandle worker : all) visit(worker, "/index.php", false, page("r1/r1"));
  for (WorkerHandle worker : all) visit(worker, "/index.php", true, page("r1/r1"));
  swap("r2");
  for (int i = 0; i < 3; ++i) {
    for (WorkerHandle worker : all) {
      visit(worker, "/index.php", false, page("r1/r1"));
      visit(worker, "/index.php", true, page("r2/r2"));
    }
    advance_clock(seconds(4));
  }
  visit(all[0], "/new.php", false, not_specified());
  visit(all[0], "/new.php", true, page("new"));
}

CLAUSE_TEST(Releases, "DP-26/rollback",
            "a rollback with resolved roots is served from memory, and nothing is ever freed") {
  auto w = worker();
  releases();
  const auto at_release = [](const std::string& name) { return "@/releases/" + name + "/index.php"; };
  ReplyRef before = w.status();
  for (const auto& [release, stored] :
       {std::pair("r1", 2), std::pair("r2", 2), std::pair("r1", 0), std::pair("r3", 2)}) {
    gives(w, std::string(release) + "/" + release, at_release(release));
    const ReplyRef after = w.status();
    for (const char* name : {"num_cached_scripts", "num_cached_keys", "misses"})
      expect(after, grew(statistic(name), stored, before));
    expect(after, at(status_path::wasted, 0));
    before = after;
  }
}
