// ST-CFG, ST-AVL: sizes, availability, the status of a backend, and how long its data lives.
#include "conformance/registry/registration.h"
#include "conformance/suite/static/directives.h"

using namespace assay::conformance;

CLAUSE_TEST(Scenario, "ST-CFG-01/size", "the size is the directive in whole MiB") {
  ini(volatile_size, "16");
  auto w = worker();
  expect(w.cache_info(), at({"configured_memory"}, 16 * 1'048'576));
}

CLAUSE_TEST(Scenario, "ST-CFG-02/default", "the default size is 8 MiB") {
  auto w = worker();
  auto info = w.cache_info();
  expect(info, at({"available"}, true));
  expect(info, at({"configured_memory"}, 8'388'608));
}

CLAUSE_TEST(Scenario, "ST-CFG-03/zero", "a size of zero switches the backend off") {
  ini(volatile_size, "0");
  auto w = worker();
  auto info = w.cache_info();
  for (const char* field : {"enabled", "available", "startup_failed", "backend_initialized"})
    expect(info, at({field}, false));
  expect(info, at({"configured_memory"}, 0));
  expect(info, at({"failure_reason"}, nullptr));
}

CLAUSE_TEST(Scenario, "ST-CFG-06/one-segment", "one segment keeps its size, whatever is stored") {
  ini(volatile_size, "8");
  auto w = worker();
  auto before = w.cache_info();
  expect(before, at({"segment_count"}, 1));
  for (int i = 0; i < 5; ++i) expect(w.set("k" + std::to_string(i), std::string(500'000, 'k')), true);
  auto after = w.cache_info();
  for (const char* field : {"segment_count", "shared_memory", "configured_memory"})
    expect(after, same_as(before, {field}));
}

CLAUSE_TEST(Scenario, "ST-CFG-13/requests", "entries survive requests and end with the runtime") {
  auto [one, two] = workers<2>();
  expect(one.set("k", Value::list({"kept", 1})), true);
  for (int i = 0; i < 3; ++i) {
    expect(one.get("k"), Value::list({"kept", 1}));
    expect(two.get("k"), Value::list({"kept", 1}));
  }
  reload();
  expect(one.get("k", "lost"), "lost");
  expect(two.has_key("k"), false);
}

CLAUSE_TEST(Scenario, "ST-CFG-13/replaced-workers", "entries survive replaced workers") {
  needs("workers.processes");
  auto [one, two] = workers<2>();
  expect(one.set("k", Value::list({"kept", 1})), true);
  auto old = one.process_id();
  kill(one);
  expect(one.process_id(), negated(same_as(old)));
  expect(one.get("k"), Value::list({"kept", 1}));
  kill(two);
  expect(two.get("k"), Value::list({"kept", 1}));
}

CLAUSE_TEST(Scenario, "ST-AVL-01/no-directive", "no directive forces a backend on") {
  ini(volatile_size, "0");
  ini("opcache.static_cache.allow_unsafe_runtime", "1");
  auto w = worker();
  expect(w.cache_info(), at({"available"}, false));
  expect(w.set("k", 1), false);
}

CLAUSE_TEST(Scenario, "ST-AVL-02/opted-in", "the host has opted in without being asked") {
  auto w = worker();
  auto info = w.cache_info();
  expect(info, at({"available"}, true));
  expect(info, at({"enabled"}, true));
  expect(w.set("k", 1), true);
}

CLAUSE_TEST(Scenario, "ST-AVL-05/write", "writing to a backend that is off is false and stores nothing") {
  ini(volatile_size, "0");
  auto w = worker();
  expect(w.set("k", 1), false);
  expect(w.set_multiple(Value::map({{"k", 1}})), false);
  expect(w.has_key("k"), false);
}

CLAUSE_TEST(Scenario, "ST-AVL-05/read", "reading from a backend that is off is false, not the default") {
  ini(volatile_size, "0");
  auto w = worker();
  expect(w.get("k"), false);
  expect(w.get("k", "default"), false);
  expect(w.get_multiple({"k"}, Value::list({"default"})), false);
}

CLAUSE_TEST(Scenario, "ST-AVL-05/remove", "removing from a backend that is off is false") {
  ini(volatile_size, "0");
  auto w = worker();
  expect(w.remove_key("k"), false);
  expect(w.remove_keys({"k"}), false);
  expect(w.clear_cache(), false);
}

CLAUSE_TEST(Scenario, "ST-AVL-06/wrong-arguments", "wrong arguments are refused even where the backend is off") {
  ini(volatile_size, "0");
  auto w = worker();
  expect(w.get(""), throws("ValueError"));
  expect(w.set("", 1), throws("ValueError"));
  expect(w.set("k", 1, -1), throws("ValueError"));
  expect(w.remove_key(""), throws("ValueError"));
}

CLAUSE_TEST(Scenario, "ST-AVL-07/status", "the status has its fields") {
  auto w = worker();
  auto info = w.cache_info();
  for (const char* field : {"enabled", "available", "startup_failed", "backend_initialized"})
    expect(info, at({field}, of_type("bool")));
  for (const char* field : {"configured_memory", "shared_memory", "entry_count", "segment_count"})
    expect(info, at({field}, of_type("int")));
  expect(info, at({"shared_model"}, of_type("string")));
  expect(info, at({"failure_reason"}, nullptr));
}

CLAUSE_TEST(Scenario, "ST-AVL-08/snapshot", "a status is a snapshot") {
  auto w = worker();
  auto r = w.request();
  auto before = r.cache_info();
  expect(before, at({"entry_count"}, 0));
  expect(r.set("k", 1), true);
  expect(r.recall(0), same_as(before));
  expect(r.cache_info(), grew({"entry_count"}, 1, before));
}

CLAUSE_TEST(Scenario, "ST-AVL-09/entry-count", "stores, a deletion and a clear show in the entry count") {
  auto [one, two] = workers<2>();
  expect(one.set_multiple(Value::map({{"a", 1}, {"b", 2}, {"c", 3}})), true);
  expect(one.set("a", 4), true);
  expect(two.cache_info(), at({"entry_count"}, 3));
  expect(two.remove_key("b"), true);
  expect(one.cache_info(), at({"entry_count"}, 2));
  expect(one.clear_cache(), true);
  expect(two.cache_info(), at({"entry_count"}, 0));
}
