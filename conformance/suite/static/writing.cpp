// ST-SET: writing to the data cache and removing from it.
#include "conformance/registry/registration.h"
#include "conformance/suite/static/values.h"

using namespace assay::conformance;

CLAUSE_TEST(Scenario, "ST-SET-01/store", "a store replaces value and type and says so") {
  auto [one, two] = workers<2>();
  for (const Value& value : {Value(1), Value("text"), Value::list({1, 2}), Value(), Value(2.5), Value(2)}) {
    expect(one.set("k", value), true);
    expect(two.get("k", "missing"), value);
  }
}

CLAUSE_TEST(Scenario, "ST-SET-01/too-large", "ST-FUL-06 ST-FUL-11",
            "a value that no removal could make room for is refused and changes nothing") {
  ini("opcache.static_cache.volatile_size_mb", "8");
  auto w = worker();
  expect(w.set("k", "old"), true);
  expect(w.set("other", Value::list({1, 2, 3})), true);
  auto before = w.cache_info();
  expect(w.set("k", oversized()), false);
  expect(w.set("k", oversized()), false);
  expect(w.get("k"), "old");
  expect(w.get("other"), Value::list({1, 2, 3}));
  expect(w.cache_info(), same_as(before, {"entry_count"}));
  expect(w.set("large but fitting", std::string(3'000'000, 'y')), true);
}

CLAUSE_TEST(Scenario, "ST-SET-04/last-writer", "the last writer's value stays") {
  auto [one, two] = workers<2>();
  for (int round = 0; round < 5; ++round) {
    expect(one.set("k", round), true);
    expect(two.set("k", 100 + round), true);
    expect(one.get("k"), 100 + round);
  }
}

CLAUSE_TEST(Scenario, "ST-SET-08/first-refusal", "setMultiple stores one by one and stops at the first refusal") {
  ini("opcache.static_cache.volatile_size_mb", "8");
  auto w = worker();
  expect(w.set("fifth", "old"), true);
  expect(w.set_multiple(Value::map({{"first", 1}, {"second", 2}, {"third", oversized()}, {"fourth", 4}, {"fifth", 5}})),
         false);
  expect(w.get_multiple({"first", "second", "third", "fourth", "fifth"}),
         Value::map({{"first", 1}, {"second", 2}, {"third", nullptr}, {"fourth", nullptr}, {"fifth", "old"}}));
}

CLAUSE_TEST(Scenario, "ST-SET-09/one-ttl",
            "setMultiple gives all elements one TTL, and succeeds with nothing to store") {
  auto w = worker();
  expect(w.set_multiple(Value::list({})), true);
  expect(w.set("stays", 1), true);
  expect(w.set_multiple(Value::map({{"a", 1}, {"b", 2}}), 10), true);
  advance_clock(std::chrono::seconds(9));
  expect(w.get_multiple({"a", "b", "stays"}), Value::map({{"a", 1}, {"b", 2}, {"stays", 1}}));
  advance_clock(std::chrono::seconds(2));
  expect(w.get_multiple({"a", "b", "stays"}), Value::map({{"a", nullptr}, {"b", nullptr}, {"stays", 1}}));
}

CLAUSE_TEST(Scenario, "ST-SET-13/delete", "delete is true whether or not an entry existed") {
  auto [one, two] = workers<2>();
  expect(one.set("k", 1), true);
  expect(two.remove_key("k"), true);
  expect(one.has_key("k"), false);
  expect(two.remove_key("k"), true);
  expect(two.remove_key("never there"), true);
  expect(one.set("k", 2, 1), true);
  advance_clock(std::chrono::seconds(5));
  expect(two.remove_key("k"), true);
  expect(one.has_key("k"), false);
}

CLAUSE_TEST(Scenario, "ST-SET-14/delete-multiple",
            "deleteMultiple deletes what exists, and missing keys are no failure") {
  auto [one, two] = workers<2>();
  expect(one.set_multiple(Value::map({{"a", 1}, {"b", 2}, {"c", 3}})), true);
  expect(two.remove_keys({"a", "missing", "c", "a"}), true);
  expect(one.get_multiple({"a", "b", "c"}), Value::map({{"a", nullptr}, {"b", 2}, {"c", nullptr}}));
  expect(two.remove_keys({}), true);
  expect(one.get("b"), 2);
}

CLAUSE_TEST(Scenario, "ST-SET-15/clear", "clear leaves nothing in any worker and is repeatable") {
  auto [one, two] = workers<2>();
  for (const char* key : {"a", "b", "c"}) expect(one.set(key, Value::list({1, key})), true);
  expect(two.cache_info(), at({"entry_count"}, 3));
  expect(two.clear_cache(), true);
  expect(one.cache_info(), at({"entry_count"}, 0));
  for (const char* key : {"a", "b", "c"}) expect(one.has_key(key), false);
  expect(one.clear_cache(), true);
  expect(two.set("a", "again"), true);
  expect(one.get("a"), "again");
}

CLAUSE_TEST(Scenario, "ST-SET-17/fetched-value",
            "a fetched value stays whole after others delete, overwrite, clear and fill") {
  ini("opcache.static_cache.volatile_size_mb", "8");
  auto [reader, writer] = workers<2>();
  std::vector<Value> rows;
  for (int i = 0; i < 200; ++i) rows.push_back(Value::list({i, "row " + std::to_string(i)}));
  const Value table = Value::list(rows);
  expect(writer.set("table", table), true);
  expect(writer.set("text", std::string(10'000, 't')), true);
  auto r = reader.background("reader");
  expect(r.get("table"), table);
  expect(r.get("text"), std::string(10'000, 't'));
  r.rendezvous("held");
  expect(r.recall(0), table);
  expect(r.recall(1), std::string(10'000, 't'));
  expect(r.get("text"), std::string(10'000, 'n'));
  wait_for_arrival("held");
  expect(writer.remove_key("table"), true);
  expect(writer.set("text", std::string(10'000, 'u')), true);
  expect(writer.clear_cache(), true);
  for (int i = 0; i < 6; ++i) expect(writer.set("fill " + std::to_string(i), std::string(1'000'000, 'f')), true);
  expect(writer.set("text", std::string(10'000, 'n')), true);
  release("held");
  await("reader");
}
