// ST-PAR, ST-CFG-09 to -11, ST-AVL-12, GU-SYS-07: scopes of the static cache, one for each pool; and starts that fail.
#include "conformance/adapter/pool_partition.h"
#include "conformance/registry/registration.h"
#include "conformance/suite/static/pinned.h"
#include "conformance/suite/static/values.h"

using namespace assay::conformance;
using std::chrono::seconds;

namespace {

// Each worker of a trace is a pool of its own, so the scope is named: workers with the same name share one.
struct Partitions : Scenario {
  explicit Partitions(const Description& target) : Scenario(target) { needs("static_cache.partitions"); }

 protected:
  WorkerHandle of(const std::string& partition, Directives more = {}) {
    more[kPoolPartition] = partition;
    return worker(more);
  }
};

}  // namespace

CLAUSE_TEST(Partitions, "ST-PAR-01/sizes", "ST-CFG-06", "each pool has backends of the configured size") {
  needs("static_cache.pinned");
  ini("opcache.static_cache.volatile_size_mb", "8");
  ini("opcache.static_cache.pinned_size_mb", "9");
  WorkerHandle a = of("a"), b = of("b");
  // Together more than one of them could take.
  for (WorkerHandle each : {a, b}) {
    expect(each.cache_info(), at({"configured_memory"}, 8 << 20));
    expect(pinned(each).cache_info(), at({"configured_memory"}, 9 << 20));
    expect(each.set("large", std::string(5'000'000, 'l')), true);
  }
  for (WorkerHandle each : {a, b}) expect(each.get("large"), has_length(5'000'000));
}

CLAUSE_TEST(Partitions, "ST-PAR-02/first-operation", "GU-SYS-07",
            "the first operation of a worker is in the scope of its pool") {
  needs("workers.processes");
  WorkerHandle a = of("a"), b = of("b"), other = of("b");
  expect(a.set("k", "of a"), true);
  expect(b.get("k", none), none);
  expect(b.set("k", "of b"), true);
  for (WorkerHandle each : {a, b, other}) kill(each);
  expect(other.get("k"), "of b");
  expect(a.get("k"), "of a");
  expect(b.get("k"), "of b");
}

CLAUSE_TEST(Partitions, "ST-PAR-03/keys", "ST-PAR-01", "no operation of one pool reaches what another has") {
  needs("static_cache.pinned");
  needs("static_cache.reset");
  WorkerHandle a = of("a"), b = of("b");
  expect(a.set_multiple(Value::map({{"k", 1}, {"more", 2}})), true);
  expect(pinned(a).set("n", 5), true);
  expect(b.has_key("k"), false);
  expect(b.get_multiple({"k", "more"}), Value::map({{"k", nullptr}, {"more", nullptr}}));
  expect(b.cache_info(), at({"entry_count"}, 0));
  expect(pinned(b).increment("n", 1), 1);
  expect(b.remove_key("k"), true);
  expect(b.clear_cache(), true);
  expect(pinned(b).clear_cache(), true);
  expect(b.reset(), true);
  expect(a.get_multiple({"k", "more"}), Value::map({{"k", 1}, {"more", 2}}));
  expect(pinned(a).get("n"), 5);
  expect(a.cache_info(), at({"entry_count"}, 2));
}

CLAUSE_TEST(Partitions, "ST-PAR-03/reservations", "ST-LCK-03", "a reservation of one pool is none in another") {
  needs("static_cache.locks");
  WorkerHandle a = of("a"), b = of("b"), second = of("a");
  auto holder = a.background("holder");
  expect(holder.lock("k"), true);
  holder.rendezvous("held");
  wait_for_arrival("held");
  auto request = b.request();
  request.within(seconds(1));
  expect(request.lock("k"), true);
  expect(request.set("k", "of b"), true);
  expect(second.lock("k"), false);
  release("held");
  await("holder");
  expect(a.get("k", none), none);
}

CLAUSE_TEST(Partitions, "ST-PAR-03/declared", "ST-ATT-02", "pools do not share declared statics") {
  needs("static_cache.attributes");
  write("@/count.php", php("class P { #[OPcache\\VolatileStatic] public static $n = 0; }\nreturn ++P::$n;\n"));
  write("@/delete.php", php("class P { #[OPcache\\VolatileStatic] public static $n = 0; }\n"
                            "return OPcache\\VolatileCache::delete('P');\n"));
  WorkerHandle a = of("a"), b = of("b");
  expect(a.include("@/count.php"), 1);
  expect(a.include("@/count.php"), 2);
  expect(b.include("@/count.php"), 1);
  expect(b.include("@/delete.php"), true);
  expect(a.include("@/count.php"), 3);
  expect(b.include("@/count.php"), 1);
}

CLAUSE_TEST(Partitions, "ST-PAR-04/refused", "ST-CFG-09 ST-AVL-05 ST-AVL-12",
            "a pool whose scope cannot be started has no static cache, and shares no other's") {
  needs("static_cache.startup_failure");
  write("@/a.php", returns("a"));
  WorkerHandle a = of("a"), failed = of("b", {{kPartitionRefused, "1"}}), second = of("b");
  // Whether the others go on is left open.
  auto stored = a.set("k", "of a");
  expect(stored, of_type("bool"));
  for (WorkerHandle each : {failed, second}) {
    expect(each.get("k", none), false);
    expect(each.set("k", 1), false);
    expect(each.get("k", none), false);
    for (const char* field : {"available", "backend_initialized"}) expect(each.cache_info(), at({field}, false));
    for (const char* field : {"enabled", "startup_failed"}) expect(each.cache_info(), at({field}, true));
    expect(each.include("@/a.php"), "a");
  }
  expect(a.has_key("k"), same_as(stored));
}

CLAUSE_TEST(Partitions, "ST-PAR-06/default", "ST-CFG-13", "workers without a scope of their own share one") {
  WorkerHandle one = worker(), two = worker(), other = of("b");
  expect(one.set("k", 1), true);
  expect(two.get("k"), 1);
  expect(other.get("k", none), none);
}

CLAUSE_TEST(Partitions, "ST-PAR-07/respawn", "ST-CFG-13",
            "a scope outlives the workers of its pool, and not the runtime") {
  needs("workers.processes");
  WorkerHandle a = of("a"), b = of("b");
  expect(a.set("k", "of a"), true);
  expect(b.set("k", "of b"), true);
  kill(a);
  expect(a.get("k"), "of a");
  reload();
  for (WorkerHandle each : {a, b}) {
    expect(each.get("k", none), none);
    expect(each.cache_info(), at({"entry_count"}, 0));
  }
}

namespace {

struct FailedStart : Scenario {
  explicit FailedStart(const Description& target) : Scenario(target) { needs("static_cache.startup_failure"); }
};

}  // namespace

CLAUSE_TEST(FailedStart, "ST-CFG-09/all-backends", "ST-CFG-10 ST-AVL-05 ST-AVL-07",
            "a static cache that cannot be started is reported, and the runtime goes on without it") {
  needs("static_cache.pinned");
  ini(kPartitionRefused, "1");
  write("@/a.php", returns("a"));
  auto w = worker();
  for (const char* backend : {"volatile", "pinned"}) {
    auto info = w.cache_info(backend);
    for (const char* field : {"enabled", "startup_failed"}) expect(info, at({field}, true));
    for (const char* field : {"available", "backend_initialized"}) expect(info, at({field}, false));
    expect(info, at({"configured_memory"}, 8 << 20));
    expect(info, at({"failure_reason"}, matches(".+")));
    expect(info, at({"shared_model"}, ""));
  }
  expect(w.set("k", 1), false);
  expect(pinned(w).increment("k"), false);
  expect(w.set("", 1), throws("ValueError"));
  expect(w.include("@/a.php"), "a");
}

CLAUSE_TEST(Scenario, "ST-CFG-11/reported", "ST-AVL-07",
            "the report names the memory model, and none where there is no memory") {
  ini("opcache.static_cache.pinned_size_mb", "0");
  auto w = worker();
  expect(w.cache_info(), at({"shared_model"}, one_of({"mmap", "shm", "posix", "win32"})));
  expect(w.cache_info("pinned"), at({"shared_model"}, ""));
}

CLAUSE_TEST(Scenario, "ST-CFG-11/preferred", "ST-CFG-02",
            "a preferred memory model that can be had is the one that is used") {
  needs("script_cache.memory_models");
  ini("opcache.preferred_memory_model", "posix");
  auto w = worker();
  expect(w.cache_info(), at({"shared_model"}, "posix"));
  expect(w.set("k", 1), true);
  expect(w.get("k"), 1);
}
