// ST-GET: reading from the data cache.
#include "conformance/registry/registration.h"

#include <cmath>
#include <limits>

using namespace assay::conformance;

CLAUSE_TEST(Scenario, "ST-GET-01/hit", "a hit is the stored value in type, bits, bytes and order") {
  using namespace std::string_literals;
  auto [one, two] = workers<2>();
  const std::vector<Value> values = {
      true,
      0,
      std::numeric_limits<std::int64_t>::min(),
      std::numeric_limits<std::int64_t>::max(),
      0.1,
      -0.0,
      5e-324,
      std::numeric_limits<double>::infinity(),
      std::nan(""),
      "",
      "1",
      "zero\0byte and \xff\xfe"s,
      Value::list({}),
      Value::map({{"b", 1}, {"a", 2}, {7, "seven"}, {-1, Value::list({1.0, 1, "1", true})}, {"", nullptr}}),
      Value::map({{3, "three first"}, {1, "then one"}}),
  };
  int number = 0;
  for (const Value& value : values) expect(one.set("value " + std::to_string(++number), value), true);
  number = 0;
  for (const Value& value : values) expect(two.get("value " + std::to_string(++number), "missing"), value);
}

CLAUSE_TEST(Scenario, "ST-GET-02/miss", "a miss gives the default and stores nothing") {
  auto [one, two] = workers<2>();
  expect(one.get("absent"), nullptr);
  for (const Value& fallback : {Value(false), Value(7), Value(1.5), Value("other"), Value::list({1, "x"})})
    expect(one.get("absent", fallback), fallback);
  expect(two.has_key("absent"), false);
}

CLAUSE_TEST(Scenario, "ST-GET-03/null", "a stored null is a hit") {
  auto w = worker();
  expect(w.set("null", nullptr), true);
  expect(w.get("null", "default"), nullptr);
  expect(w.has_key("null"), true);
  expect(w.get_multiple({"null", "absent"}, Value::list({"default"})),
         Value::map({{"null", nullptr}, {"absent", Value::list({"default"})}}));
}

CLAUSE_TEST(Scenario, "ST-GET-04/false", "has distinguishes a stored false from a miss") {
  auto w = worker();
  expect(w.set("false", false), true);
  expect(w.get("false", "default"), false);
  expect(w.has_key("false"), true);
}

CLAUSE_TEST(Scenario, "ST-GET-06/has", "has reports whether a live entry exists and leaves its expiry alone") {
  auto [one, two] = workers<2>();
  expect(one.has_key("k"), false);
  expect(one.set("k", 0, 10), true);
  advance_clock(std::chrono::seconds(8));
  expect(two.has_key("k"), true);
  advance_clock(std::chrono::seconds(8));
  expect(two.has_key("k"), false);
  expect(one.has_key("k"), false);
}

CLAUSE_TEST(Scenario, "ST-GET-07/get-multiple",
            "getMultiple gives each distinct key once, in the order of the request") {
  auto w = worker();
  expect(w.set_multiple(Value::map({{"a", 1}, {"b", 2}, {"c", 3}})), true);
  auto found = w.get_multiple({"c", "absent", "a", "c", "b", "absent"});
  expect(found, has_keys({"c", "absent", "a", "b"}));
  expect(found, Value::map({{"c", 3}, {"absent", nullptr}, {"a", 1}, {"b", 2}}));
  expect(w.get_multiple({}), Value::list({}));
  expect(w.set("5", "five"), true);
  expect(w.get_multiple({5, "5"}), has_length(1));
}

CLAUSE_TEST(Scenario, "ST-GET-08/default", "getMultiple gives the whole default for each missing key") {
  auto w = worker();
  const Value fallback = Value::map({{"a", "not looked up"}, {0, "x"}});
  expect(w.get_multiple({"a", "b"}, fallback), Value::map({{"a", fallback}, {"b", fallback}}));
  expect(w.get_multiple({"a"}, Value::list({})), Value::map({{"a", Value::list({})}}));
  expect(w.get_multiple({"a"}, nullptr), Value::map({{"a", nullptr}}));
}

CLAUSE_TEST(Scenario, "ST-GET-09/off", "getMultiple on a backend that is off is false, not the defaults") {
  ini("opcache.static_cache.volatile_size_mb", "0");
  auto w = worker();
  expect(w.get_multiple({"a", "b"}, Value::list({"default"})), false);
  expect(w.get_multiple({"a"}), false);
}

CLAUSE_TEST(Scenario, "ST-GET-13/other-worker", "a worker sees at once what another one stored") {
  auto [one, two] = workers<2>();
  expect(one.set("k", Value::map({{"a", 1}, {"b", Value::list({1.5, "x", nullptr})}})), true);
  expect(two.get("k"), Value::map({{"a", 1}, {"b", Value::list({1.5, "x", nullptr})}}));
  expect(two.remove_key("k"), true);
  expect(one.get("k", "gone"), "gone");
}

CLAUSE_TEST(Scenario, "ST-GET-13/running-request", "a request sees what another worker writes while it runs") {
  auto [reader, writer] = workers<2>();
  expect(writer.set("k", "first"), true);
  auto r = reader.background("reader");
  expect(r.get("k"), "first");
  r.rendezvous("overwrite");
  expect(r.get("k"), "second");
  r.rendezvous("delete");
  expect(r.get("k", "gone"), "gone");
  r.rendezvous("store again");
  expect(r.get("k"), "third");
  wait_for_arrival("overwrite");
  expect(writer.set("k", "second"), true);
  release("overwrite");
  wait_for_arrival("delete");
  expect(writer.remove_key("k"), true);
  release("delete");
  wait_for_arrival("store again");
  expect(writer.set("k", "third"), true);
  release("store again");
  await("reader");
}

CLAUSE_TEST(Scenario, "ST-GET-14/expired", "a value already fetched in a request is a miss once it has expired") {
  auto [reader, writer] = workers<2>();
  expect(writer.set("k", "v", 5), true);
  auto r = reader.background("reader");
  expect(r.get("k"), "v");
  expect(r.get("k"), "v");
  r.rendezvous("wait");
  expect(r.get("k", "expired"), "expired");
  wait_for_arrival("wait");
  advance_clock(std::chrono::seconds(10));
  release("wait");
  await("reader");
}

CLAUSE_TEST(Scenario, "ST-GET-15/equal-hashes", "keys with the same hash are different keys") {
  auto w = worker();
  // Both have the same hash in the family h * 33 + c, alone and joined.
  expect(w.set("FY", "present"), true);
  auto r = w.request();
  expect(r.get("Ez", "absent"), "absent");
  expect(r.get("FY", "absent"), "present");
  expect(r.get("EzEz", "absent"), "absent");
  expect(r.set("FYEz", 1), true);
  expect(r.get("EzFY", "absent"), "absent");
  expect(r.get("FYEz", "absent"), 1);
}
