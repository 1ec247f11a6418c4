// RP-INI: the settings of the cache and what open_basedir does to it.
#include "conformance/registry/registration.h"

using namespace assay::conformance;

CLAUSE_TEST(Scenario, "RP-INI-01/defaults", "the defaults are 4096K and 120 seconds") {
  auto w = worker();
  auto r = w.request();
  expect(r.ini_get("realpath_cache_size"), "4096K");
  expect(r.ini_get("realpath_cache_ttl"), "120");
}

CLAUSE_TEST(Scenario, "RP-INI-02/request-change", "a request cannot change the settings") {
  auto w = worker();
  auto r = w.request();
  r.clear_realpath_cache();
  expect(r.ini_set("realpath_cache_ttl", "7"), false);
  expect(r.ini_set("realpath_cache_size", "0"), false);
  expect(r.ini_get("realpath_cache_ttl"), "120");
  expect(r.ini_get("realpath_cache_size"), "4096K");
  expect(r.realpath("/usr"), "/usr");
  expect(r.realpath_listing(), at({"/usr", "expires"}, now() + 120));
}

CLAUSE_TEST(Scenario, "RP-INI-02/pool-settings", "each pool has its own settings") {
  auto first = worker({{"realpath_cache_ttl", "7"}});
  auto second = worker({{"realpath_cache_ttl", "8"}});
  auto third = worker({{"realpath_cache_size", "60"}});
  make_directory("@/a");
  for (const auto& [w, ttl] : {std::pair(first, 7), std::pair(second, 8)}) {
    auto r = WorkerHandle(w).request();
    r.realpath("@/a");
    expect(r.realpath_listing(), at({"@/a", "expires"}, now() + ttl));
  }
  auto r = third.request();
  r.clear_realpath_cache();
  r.realpath("/usr/share");
  expect(r.realpath_size(), 53);
}

CLAUSE_TEST(Scenario, "RP-INI-03/open-basedir-start", "open_basedir at the start switches the cache off") {
  ini("open_basedir", "/");
  auto w = worker();
  make_directory("@/r1");
  make_directory("@/r2");
  make_link("@/current", "r1");
  auto r = w.request();
  expect(r.realpath("@/current"), "@/r1");
  expect(r.realpath_listing(), has_length(0));
  expect(r.realpath_size(), 0);
  expect(r.ini_get("realpath_cache_size"), "4096K");
  swap_link("@/current", "r2");
  expect(w.realpath("@/current"), "@/r2");
}

CLAUSE_TEST(Scenario, "RP-INI-04/user-ini",
            "one request under a user ini with open_basedir freezes its worker for good") {
  needs("deploy.user_ini");
  auto [frozen, free] = workers<2>();
  make_directory("@/r1");
  make_directory("@/r2");
  make_link("@/current", "r1");
  write("@/app/.user.ini", "open_basedir = /\n");
  write("@/app/index.php", php("echo ini_get('open_basedir');"));
  for (WorkerHandle w : {frozen, free}) expect(w.realpath("@/current"), "@/r1");
  swap_link("@/current", "r2");
  expect(frozen.realpath("@/current"), "@/r1");
  const ReplyRef before = frozen.realpath_listing();
  expect(frozen.serve("@/app/index.php"), equals(Value::map({{"status", 200}, {"body", "/"}})));
  // What was there stays listed, also the main script, but is no longer used, and nothing is added.
  auto r = frozen.request();
  expect(r.ini_get("open_basedir"), "");
  expect(r.realpath("@/current"), "@/r2");
  expect(r.realpath("@/r2"), "@/r2");
  expect(r.realpath_listing(), gained({"@/app", "@/app/index.php"}, before));
  expect(free.realpath("@/current"), "@/r1");
  r.clear_realpath_cache();
  expect(r.realpath("@/r1"), "@/r1");
  expect(r.realpath_size(), 0);
}

CLAUSE_TEST(Scenario, "RP-INI-05/open-basedir-running", "open_basedir set by the running request leaves the cache on") {
  auto w = worker();
  make_directory("@/a");
  make_directory("@/b");
  auto r = w.request();
  r.clear_realpath_cache();
  r.realpath("@");
  const ReplyRef before = r.realpath_listing();
  expect(r.ini_set("open_basedir", "/"), "");
  expect(r.realpath("@/a"), "@/a");
  expect(r.realpath_listing(), gained({"@/a"}, before));
  auto later = w.request();
  expect(later.realpath_listing(), has({"@/a"}));
  expect(later.realpath("@/b"), "@/b");
  expect(later.realpath_listing(), has({"@/b"}));
}

CLAUSE_TEST(Scenario, "RP-INI-06/open-basedir-pool", "open_basedir of a pool freezes its workers and no others") {
  auto frozen = worker({{"open_basedir", "/"}});
  auto free = worker();
  make_directory("@/r1");
  make_directory("@/r2");
  make_link("@/current", "r1");
  auto r = frozen.request();
  const ReplyRef size = r.realpath_size();
  expect(r.realpath("@/current"), "@/r1");
  expect(r.realpath_listing(), all_of({lacks({"@"}), lacks({"@/r1"}), lacks({"@/current"})}));
  expect(r.realpath_size(), same_as(size));
  expect(free.realpath("@/current"), "@/r1");
  expect(free.realpath_listing(), has({"@/current"}));
  swap_link("@/current", "r2");
  auto later = frozen.request();
  expect(later.realpath("@/current"), "@/r2");
  expect(later.realpath_listing(), lacks({"@/current"}));
  expect(later.realpath_size(), same_as(size));
  expect(free.realpath("@/current"), "@/r1");
}

CLAUSE_TEST(Scenario, "RP-INI-04/frozen-clear", "RP-INI-06",
            "clearing works on a frozen worker, and cleared entries stay away") {
  auto frozen = worker({{"open_basedir", "/"}});
  make_directory("@/a");
  auto r = frozen.request();
  r.clear_realpath_cache();
  expect(r.realpath_size(), 0);
  expect(r.realpath_listing(), has_length(0));
  auto later = frozen.request();
  expect(later.realpath("@/a"), "@/a");
  expect(later.realpath_size(), 0);
  expect(later.realpath_listing(), has_length(0));
}

CLAUSE_TEST(Scenario, "RP-INI-04/frozen-unlink", "RP-INI-06",
            "a successful unlink empties a frozen worker's cache for good") {
  auto frozen = worker({{"open_basedir", "/"}});
  write("@/f", "");
  auto r = frozen.request();
  expect(r.unlink("@/f"), true);
  expect(r.realpath_size(), 0);
  expect(r.realpath("@"), "@");
  expect(r.realpath_size(), 0);
  expect(frozen.realpath_size(), 0);
}
