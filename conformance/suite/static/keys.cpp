// ST-KEY: what names an entry.
#include "conformance/registry/registration.h"

using namespace assay::conformance;

CLAUSE_TEST(Scenario, "ST-KEY-01/empty", "the empty key is refused by every method") {
  auto w = worker();
  for (const ReplyRef asked : {w.get(""), w.set("", 1), w.has_key(""), w.remove_key("")})
    expect(asked, throws("ValueError"));
  expect(w.get_multiple({"a", ""}), throws("ValueError"));
  expect(w.set_multiple(Value::map({{"", 1}})), throws("ValueError"));
  expect(w.remove_keys({""}), throws("ValueError"));
}

CLAUSE_TEST(Scenario, "ST-KEY-02/bytes", "keys are bytes: NUL, case and spaces tell them apart") {
  using namespace std::string_literals;
  auto [one, two] = workers<2>();
  const std::vector<std::string> keys = {"a", "a\0b"s, "a\0c"s, "A", " a", "a ", "\xff\xfe", "a/../a"};
  std::int64_t number = 0;
  for (const std::string& key : keys) expect(one.set(key, ++number), true);
  number = 0;
  for (const std::string& key : keys) expect(two.get(key), ++number);
  expect(two.remove_key("a"), true);
  expect(one.get("a\0b"s), 2);
}

CLAUSE_TEST(Scenario, "ST-KEY-03/long", "a long key is exact, never cut") {
  auto [one, two] = workers<2>();
  const std::string key(100'000, 'k');
  const std::string other = key.substr(1) + "K";
  expect(one.set(key, "one"), true);
  expect(one.set(other, "two"), true);
  expect(two.get(key), "one");
  expect(two.get(other), "two");
  expect(two.has_key(key.substr(1)), false);
}

CLAUSE_TEST(Scenario, "ST-KEY-04/integer", "an integer in a list stands for the key of its decimal text") {
  auto w = worker();
  expect(w.set("5", "five"), true);
  expect(w.set("-7", "minus seven"), true);
  auto found = w.get_multiple({5, -7});
  expect(found, at({5}, "five"));
  expect(found, at({-7}, "minus seven"));
  expect(w.remove_keys({5}), true);
  expect(w.has_key("5"), false);
  expect(w.has_key("-7"), true);
}

CLAUSE_TEST(Scenario, "ST-KEY-04/other-types", "a value neither text nor integer is no key") {
  auto w = worker();
  expect(w.set("1", "kept"), true);
  for (const Value& key : {Value(true), Value(1.0), Value(), Value::list({"1"})}) {
    expect(w.get_multiple({"1", key}), throws("ValueError"));
    expect(w.remove_keys({"1", key}), throws("ValueError"));
  }
  expect(w.get("1"), "kept");
}

CLAUSE_TEST(Scenario, "ST-KEY-05/set-multiple-integer",
            "setMultiple refuses an integer key or stores under its decimal text") {
  auto w = worker();
  auto stored = w.set_multiple(Value::map({{5, "five"}}));
  if (choice("int-keys", "no") == "yes") {
    expect(stored, true);
    expect(w.get("5"), "five");
  } else {
    expect(stored, throws("ValueError"));
    expect(w.has_key("5"), false);
  }
}

CLAUSE_TEST(Scenario, "ST-KEY-06/integer-element", "element 5 of a result is the value of the key \"5\"") {
  auto w = worker();
  expect(w.set("5", "five"), true);
  expect(w.get_multiple({"5"}), at({5}, "five"));
  expect(w.get_multiple({5}), at({5}, "five"));
}

CLAUSE_TEST(Scenario, "ST-KEY-07/reserved-prefixes", "the prefixes of static classes are reserved") {
  auto w = worker();
  for (const std::string key : {"pinned_static_class:A", "volatile_static_class:A", "volatile_static_class:"}) {
    for (const ReplyRef asked : {w.get(key), w.set(key, 1), w.has_key(key), w.remove_key(key)})
      expect(asked, throws("ValueError"));
    expect(w.set_multiple(Value::map({{key, 1}})), throws("ValueError"));
    expect(w.get_multiple({key}), throws("ValueError"));
  }
  expect(w.set("pinned_static_clas", 1), true);
}

CLAUSE_TEST(Scenario, "ST-KEY-08/unloaded-class", "a name of no loaded class is an ordinary key") {
  auto w = worker();
  expect(w.set("No\\Such\\Class", 1), true);
  expect(w.get("No\\Such\\Class"), 1);
  auto stored = w.set("eXception", 2);
  if (choice("class-keys", "yes") == "yes") {
    expect(stored, throws("ValueError"));
  } else {
    expect(stored, true);
    expect(w.get("eXception"), 2);
  }
}

CLAUSE_TEST(Scenario, "ST-KEY-11/bad-key", "one bad key in a list leaves everything unchanged") {
  auto w = worker();
  expect(w.set("a", "old"), true);
  expect(w.set_multiple(Value::map({{"a", "new"}, {"", 1}})), throws("ValueError"));
  expect(w.remove_keys({"a", ""}), throws("ValueError"));
  expect(w.get("a"), "old");
}
