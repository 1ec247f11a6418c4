// The pinned backend: nothing in it goes by itself, and it has nothing in common with the volatile one.
#include "conformance/registry/registration.h"
#include "conformance/suite/static/directives.h"
#include "conformance/suite/static/pinned.h"
#include "conformance/suite/static/values.h"

using namespace assay::conformance;
using std::chrono::seconds;

namespace {

class PinnedScenario : public Scenario {
 public:
  explicit PinnedScenario(const Description& target) : Scenario(target) { needs("static_cache.pinned"); }
};

}  // namespace

CLAUSE_TEST(PinnedScenario, "ST-FUL-03/full", "ST-AVL-13 ST-FUL-08 ST-FUL-11",
            "a full pinned backend refuses, loses nothing, and takes values again when there is room") {
  ini(pinned_size, "8");
  auto [one, two] = workers<2>();
  const std::vector<std::string> keys = {"a", "b", "c", "d", "e"};
  for (const std::string& key : keys) expect(pinned(one).set(key, text(1'200'000, key[0])), true);
  // Neither a new key nor a longer value for an old one.
  for (int i = 0; i < 3; ++i) expect(pinned(one).set("new", text(2'000'000, 'n')), false);
  expect(pinned(two).set("a", text(2'000'000, 'n')), false);
  expect(pinned(one).set_multiple(Value::map({{"small", 1}, {"large", text(2'000'000, 'n')}, {"not reached", 2}})),
         false);
  for (const std::string& key : keys) expect(pinned(two).get(key), text(1'200'000, key[0]));
  expect(pinned(two).get_multiple({"new", "small", "large", "not reached"}),
         Value::map({{"new", nullptr}, {"small", 1}, {"large", nullptr}, {"not reached", nullptr}}));
  expect(pinned(two).cache_info(), at({"entry_count"}, 6));
  expect(pinned(two).remove_key("c"), true);
  expect(pinned(one).set("new", text(1'100'000, 'n')), true);
  expect(pinned(two).get("new"), text(1'100'000, 'n'));
  for (const char* key : {"a", "b", "d", "e"}) expect(pinned(two).get(key), text(1'200'000, key[0]));
}

CLAUSE_TEST(PinnedScenario, "ST-FUL-03/full-table", "ST-FUL-09 ST-AVL-13",
            "a pinned backend whose slots are all in use refuses new keys and keeps the old ones") {
  ini(pinned_size, "8");
  auto w = worker();
  Elements many;
  for (int i = 0; i < 40'000; ++i) many.emplace_back("n" + std::to_string(i), i);
  expect(pinned(w).set("first", 1), true);
  expect(pinned(w).set_multiple(many), of_type("bool"));
  expect(pinned(w).set("first", 2), true);
  expect(pinned(w).increment("n0", 5), 5);
  expect(pinned(w).get_multiple({"first", "n0", "n1", "n9"}),
         Value::map({{"first", 2}, {"n0", 5}, {"n1", 1}, {"n9", 9}}));
}

CLAUSE_TEST(PinnedScenario, "ST-FUL-06/pinned", "ST-FUL-03",
            "a value beyond the size of the pinned backend is refused and costs no entry") {
  ini(pinned_size, "8");
  auto w = worker();
  expect(pinned(w).set("k", "old"), true);
  expect(pinned(w).set("other", Value::list({1, 2})), true);
  expect(pinned(w).set("k", text(12'000'000, 'x')), false);
  expect(pinned(w).get_multiple({"k", "other"}), Value::map({{"k", "old"}, {"other", Value::list({1, 2})}}));
}

CLAUSE_TEST(PinnedScenario, "ST-TTL-01/no-ttl", "the pinned backend has no parameter for a TTL") {
  auto w = worker();
  expect(pinned(w).set("k", "old"), true);
  expect(w.cache_set("k", "new", 10, "pinned"), throws("ArgumentCountError"));
  expect(w.cache_set_multiple(Value::map({{"k", "new"}, {"l", 1}}), 10, "pinned"), throws("ArgumentCountError"));
  expect(pinned(w).get_multiple({"k", "l"}), Value::map({{"k", "old"}, {"l", nullptr}}));
}

CLAUSE_TEST(PinnedScenario, "ST-TTL-01/never-expires", "a pinned entry never expires") {
  auto [one, two] = workers<2>();
  expect(pinned(one).set("k", Value::list({1})), true);
  expect(pinned(one).increment("n", 3), 3);
  expect(one.set("k", "volatile", 5), true);
  advance_clock(std::chrono::hours(24 * 365 * 10));
  expect(two.get("k", "expired"), "expired");
  expect(pinned(two).get("k"), Value::list({1}));
  expect(pinned(two).increment("n"), 4);
}

CLAUSE_TEST(PinnedScenario, "ST-SET-15/own-backend", "ST-SET-13",
            "the same key in both backends is two entries, and clear empties its own backend only") {
  auto [one, two] = workers<2>();
  expect(one.set("k", "volatile"), true);
  expect(pinned(one).set("k", "pinned"), true);
  expect(pinned(one).set("l", 1), true);
  expect(two.get("k"), "volatile");
  expect(pinned(two).get("k"), "pinned");
  expect(two.has_key("l"), false);
  expect(two.cache_info(), at({"entry_count"}, 1));
  expect(pinned(two).cache_info(), at({"entry_count"}, 2));
  expect(two.remove_key("k"), true);
  expect(pinned(one).get("k"), "pinned");
  expect(one.set("k", "again"), true);
  expect(pinned(two).clear_cache(), true);
  expect(one.get("k"), "again");
  expect(pinned(one).has_key("k"), false);
  expect(pinned(one).set("k", 2), true);
  expect(two.clear_cache(), true);
  expect(pinned(two).get("k"), 2);
}

CLAUSE_TEST(PinnedScenario, "ST-LCK-03/backends", "reservations of one key in both backends have nothing in common") {
  needs("static_cache.locks");
  auto [one, two] = workers<2>();
  auto r = one.background("holder");
  expect(r.lock("k"), true);
  r.rendezvous("held");
  wait_for_arrival("held");
  auto other = two.request();
  expect(pinned(other).lock("k"), true);
  expect(other.lock("k"), false);
  expect(pinned(other).set("k", 1), true);
  expect(pinned(other).unlock("k"), false);
  release("held");
  await("holder");
}

CLAUSE_TEST(PinnedScenario, "ST-LCK-17/own-backend", "ST-LCK-15",
            "clear drops the caller's reservations of its own backend only") {
  needs("static_cache.locks");
  auto [one, two] = workers<2>();
  auto r = one.background("holder");
  expect(r.lock("k", 60), true);
  expect(pinned(r).lock("k", 60), true);
  expect(pinned(r).clear_cache(), true);
  r.rendezvous("cleared");
  wait_for_arrival("cleared");
  expect(pinned(two).lock("k"), true);
  expect(two.lock("k"), false);
  release("cleared");
  await("holder");
}

CLAUSE_TEST(PinnedScenario, "ST-CFG-01/own-sizes", "ST-CFG-06 ST-CFG-02", "the sizes of the backends are independent") {
  ini(volatile_size, "8");
  ini(pinned_size, "16");
  auto w = worker();
  expect(w.cache_info(), at({"configured_memory"}, 8 * 1'048'576));
  expect(pinned(w).cache_info(), at({"configured_memory"}, 16 * 1'048'576));
  expect(pinned(w).set("k", text(9'000'000, 'k')), true);
  expect(w.set("k", text(9'000'000, 'k')), false);
}

CLAUSE_TEST(PinnedScenario, "ST-CFG-03/one-off", "ST-AVL-05", "a size of zero switches the pinned backend off alone") {
  ini(pinned_size, "0");
  auto w = worker();
  auto info = pinned(w).cache_info();
  for (const char* field : {"enabled", "available", "startup_failed", "backend_initialized"})
    expect(info, at({field}, false));
  expect(info, at({"configured_memory"}, 0));
  expect(info, at({"failure_reason"}, nullptr));
  expect(w.set("k", 1), true);
  expect(w.get("k"), 1);
  for (const ReplyRef asked :
       {pinned(w).set("k", 1), pinned(w).get("k", "default"), pinned(w).has_key("k"), pinned(w).increment("k"),
        pinned(w).decrement("k"), pinned(w).get_multiple({"k"}), pinned(w).set_multiple(Value::map({{"k", 1}})),
        pinned(w).remove_key("k"), pinned(w).remove_keys({"k"}), pinned(w).clear_cache()})
    expect(asked, false);
}

CLAUSE_TEST(PinnedScenario, "ST-AVL-06/counters",
            "counters refuse an empty or reserved key also where the backend is off") {
  ini(pinned_size, "0");
  auto w = worker();
  for (const std::string key : {"", "pinned_static_class:A", "volatile_static_class:A"}) {
    expect(pinned(w).increment(key), throws("ValueError"));
    expect(pinned(w).decrement(key), throws("ValueError"));
  }
}

CLAUSE_TEST(PinnedScenario, "ST-RST-01/pinned", "ST-RST-02 ST-RST-03",
            "a reset empties the pinned backend too, at once, and drops the caller's reservations") {
  needs("static_cache.reset");
  needs("static_cache.locks");
  auto [one, two] = workers<2>();
  expect(pinned(one).set("k", 1), true);
  auto r = one.request();
  expect(pinned(r).lock("l"), true);
  expect(r.reset(), true);
  expect(pinned(r).get("k", "gone"), "gone");
  expect(pinned(r).unlock("l"), false);
  expect(pinned(two).cache_info(), at({"entry_count"}, 0));
  expect(pinned(two).set("k", 2), true);
  expect(pinned(one).get("k"), 2);
}

CLAUSE_TEST(PinnedScenario, "ST-CFG-13/pinned",
            "pinned entries survive requests and replaced workers, and end with the runtime") {
  needs("workers.processes");
  auto [one, two] = workers<2>();
  expect(pinned(one).set("k", Value::list({"kept"})), true);
  kill(one);
  expect(pinned(one).get("k"), Value::list({"kept"}));
  expect(pinned(two).get("k"), Value::list({"kept"}));
  reload();
  expect(pinned(two).get("k", "lost"), "lost");
}
