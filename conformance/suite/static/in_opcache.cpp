// ST-CFG-12, ST-AVL-10, ST-AVL-11, ST-RST-04: the static cache as a part of OPcache.
#include "conformance/adapter/pool_partition.h"
#include "conformance/registry/registration.h"
#include "conformance/suite/static/pinned.h"
#include "conformance/suite/static/scripted.h"
#include "conformance/suite/static/values.h"

using namespace assay::conformance;

namespace {

// Both backends are unavailable, for a reason that they tell.
struct Off : Scenario {
  using Scenario::Scenario;

 protected:
  void are_off(bool failed_to_start) {
    needs("static_cache.pinned");
    auto [w, other] = workers<2>();
    for (const ReplyRef info : {w.cache_info(), pinned(w).cache_info()}) {
      expect(info, at({"available"}, false));
      expect(info, at({"startup_failed"}, failed_to_start));
      expect(info, at({"failure_reason"}, matches(".")));
    }
    expect(w.set("k", 1), false);
    expect(pinned(w).set("k", 1), false);
    expect(other.get("k", none), false);
    expect(pinned(other).get("k", none), false);
  }
};

// What it can do with the cache, for a page: set, has, and what info() throws.
const std::string page_code = R"(
use OPcache\VolatileCache as Cache;
echo (int) Cache::set('k', 1), (int) Cache::has('k'), (int) Cache::lock('k');
try { echo (int) Cache::info()->available; } catch (OPcache\StaticCacheException $e) { echo ' thrown'; }
try { Cache::set('', 1); } catch (ValueError $e) { echo ' empty key'; }
)";

}  // namespace

CLAUSE_TEST(Off, "ST-CFG-12/switched-off", "ST-AVL-05", "without OPcache there is no static cache, which says why") {
  ini("opcache.enable", "0");
  are_off(false);
}

CLAUSE_TEST(Off, "ST-CFG-12/files-only", "ST-AVL-05", "an OPcache of files alone has no static cache, which says why") {
  needs("script_cache.file_cache");
  ini("opcache.file_cache", "@");
  ini("opcache.file_cache_only", "1");
  are_off(false);
}

CLAUSE_TEST(Off, "ST-CFG-12/failed-start", "ST-CFG-09", "only a start that failed is told as a failed start") {
  needs("static_cache.startup_failure");
  ini(kPartitionRefused, "1");
  are_off(true);
}

CLAUSE_TEST(Scenario, "ST-AVL-10/status",
            "the status of OPcache has that of both backends, as they tell it themselves") {
  needs("script_cache");
  needs("static_cache.pinned");
  auto [one, two] = workers<2>();
  expect(one.set_multiple(Value::map({{"a", 1}, {"b", std::string(1000, 'b')}})), true);
  expect(pinned(one).set("c", 1), true);
  auto r = two.request();
  auto of_volatile = r.cache_info();
  auto of_pinned = pinned(r).cache_info();
  auto status = r.status(false);
  expect(of_volatile, at({"entry_count"}, 2));
  expect(of_pinned, at({"entry_count"}, 1));
  expect(status, at({"volatile_cache"}, same_as(of_volatile)));
  expect(status, at({"pinned_cache"}, same_as(of_pinned)));
}

CLAUSE_TEST(Scenario, "ST-AVL-11/outside", "ST-AVL-05 ST-AVL-06",
            "with a restricted API calls are false and info() throws, but wrong arguments come first") {
  needs("static_cache.pinned");
  ini("opcache.restrict_api", "@/inside");
  auto w = worker();
  for (const char* backend : {"volatile", "pinned"}) {
    expect(w.cache_set("k", 1, 0, backend), false);
    expect(w.cache_get("k", none, backend), false);
    expect(w.cache_has("k", backend), false);
    expect(w.cache_get_multiple(Value::list({"k"}), nullptr, backend), false);
    expect(w.cache_delete("k", backend), false);
    expect(w.cache_clear(backend), false);
    expect(w.cache_set("", 1, 0, backend), throws("ValueError"));
    expect(w.cache_info(backend), throws("OPcache\\StaticCacheException"));
  }
}

CLAUSE_TEST(ScriptedScenario, "ST-AVL-11/main-script",
            "the cache is there for main scripts below the path of the restriction, and for no others") {
  needs("deploy");
  ini("opcache.restrict_api", "@/inside");
  write("@/inside/main.php", php(page_code));
  write("@/outside/main.php", php(page_code));
  auto w = worker();
  const auto page = [](const char* body) { return equals(Value::map({{"status", 200}, {"body", body}})); };
  expect(w.serve("@/outside/main.php"), page("000 thrown empty key"));
  expect(w.serve("@/inside/main.php"), page("1111 empty key"));
  expect(w.serve("@/outside/main.php"), page("000 thrown empty key"));
}

CLAUSE_TEST(ScriptedScenario, "ST-RST-04/restricted", "ST-AVL-11", "a reset that is restricted leaves all entries") {
  needs("deploy");
  needs("static_cache.reset");
  needs("static_cache.restrict_api");
  ini("opcache.restrict_api", "@/inside");
  write("@/inside/set.php", php("use OPcache\\VolatileCache as Cache; echo (int) Cache::set('k', 'kept');"));
  write("@/inside/get.php", php("use OPcache\\VolatileCache as Cache; echo Cache::get('k', 'gone');"));
  auto w = worker();
  const auto page = [](const char* body) { return equals(Value::map({{"status", 200}, {"body", body}})); };
  expect(w.serve("@/inside/set.php"), page("1"));
  expect(w.reset(), false);
  expect(w.serve("@/inside/get.php"), page("kept"));
}
