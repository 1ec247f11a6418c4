// ST-ENC: how values are stored, as the target reports it, and that they come back.
#include <cmath>
#include <limits>

#include "conformance/registry/registration.h"
#include "conformance/suite/static/pinned.h"
#include "conformance/suite/static/values.h"

using namespace assay::conformance;

namespace {

const Matcher is_serialized = one_of({"OPcacheSerialized", "PHPSerialized"});
const Matcher is_stored = one_of({"Scalar", "SharedGraph", "OPcacheSerialized", "PHPSerialized"});

struct StoreTypes : Scenario {
  using Scenario::Scenario;
  // Stores it and asks another worker. An expectation of the case itself only where the clause has no star.
  void row(const Value& value, const Matcher& type) {
    expect(one_.set("k", value), true);
    expect(two_.cache_store_type("k"), type);
    expect(two_.get("k", "missing"), value);
  }
  void begin() { std::tie(one_, two_) = std::make_tuple(worker(), worker()); }

 private:
  WorkerHandle one_, two_;
};

}  // namespace

CLAUSE_TEST(StoreTypes, "ST-ENC-06/scalars", "ST-GET-01", "scalars are stored in place") {
  begin();
  for (const Value& value :
       {Value(), Value(true), Value(false), Value(0), Value(-1), Value(std::numeric_limits<std::int64_t>::max()),
        Value(std::numeric_limits<std::int64_t>::min()), Value(0.1), Value(-0.0),
        Value(std::numeric_limits<double>::infinity()), Value(std::nan(""))})
    row(value, equals("Scalar"));
}

CLAUSE_TEST(StoreTypes, "ST-ENC-06/strings", "ST-GET-01", "strings of any length and bytes are stored and come back") {
  using namespace std::string_literals;
  begin();
  for (const std::string& value : {""s, "short"s, "\0\xff\xfe\0"s, std::string(70'000, 'x'), "5"s, "1.0"s})
    row(value, is_stored);
}

CLAUSE_TEST(StoreTypes, "ST-ENC-06/arrays", "ST-ENC-05 ST-GET-01", "arrays of scalars are a shared graph") {
  begin();
  row(Value::list({1, "two", 3.0, true, nullptr}), equals("SharedGraph"));
  row(Value::map({{"a", 1}, {7, "sparse"}, {-3, false}, {"nested", Value::list({Value::map({{"b", 2}})})}}),
      equals("SharedGraph"));
  row(Value::list({}), is_stored);
}

CLAUSE_TEST(StoreTypes, "ST-ENC-06/object", "ST-GET-01", "objects with their properties come back") {
  needs("static_cache.objects");
  begin();
  row(object_of(1, "stdClass", {{"b", 1}, {"a", Value::list({"two"})}}), is_stored);
  row(Value::list({object_of(1, "stdClass", {{"n", 1}}), object_of(2, "stdClass", {{"n", 1}})}), is_stored);
}

CLAUSE_TEST(StoreTypes, "ST-ENC-06/shared-object", "ST-ISO-05 ST-ENC-05",
            "an object that occurs twice is one when it comes back") {
  needs("static_cache.objects");
  begin();
  row(Value::list({object_of(1, "stdClass", {{"n", 1}}), same_object(1)}), is_stored);
  row(object_of(1, "stdClass", {{"itself", same_object(1)}}), is_stored);
  row(object_of(1, "stdClass", {{"peer", object_of(2, "stdClass", {{"peer", same_object(1)}})}}), is_stored);
}

CLAUSE_TEST(StoreTypes, "ST-ENC-07/reference", "ST-ENC-05 ST-ENC-06 ST-ISO-05",
            "a reference inside goes down to a serializer, which is no failure") {
  needs("static_cache.references");
  begin();
  row(Value::list({shared(1, "both"), same_reference(1), 3}), is_serialized);
  row(Value::map({{"a", Value::list({shared(1, 7)})}, {"b", same_reference(1)}}), is_serialized);
}

CLAUSE_TEST(StoreTypes, "ST-ENC-02/absent", "absent, deleted and expired keys have no store type") {
  auto [one, two] = workers<2>();
  expect(one.cache_store_type("never"), "NotFound");
  expect(one.set("k", 1), true);
  expect(two.cache_store_type("k"), "Scalar");
  expect(two.remove_key("k"), true);
  expect(one.cache_store_type("k"), "NotFound");
  expect(one.set("k", Value::list({1})), true);
  expect(two.clear_cache(), true);
  expect(one.cache_store_type("k"), "NotFound");
}

CLAUSE_TEST(StoreTypes, "ST-ENC-02/expired", "ST-TTL-08", "an expired key has no store type") {
  needs("static_cache.ttl");
  auto w = worker();
  expect(w.set("k", Value::list({1}), 5), true);
  expect(w.cache_store_type("k"), "SharedGraph");
  advance_clock(std::chrono::seconds(10));
  expect(w.cache_store_type("k"), "NotFound");
}

CLAUSE_TEST(StoreTypes, "ST-ENC-04/off", "where the backend is off no key has a store type") {
  ini("opcache.static_cache.volatile_size_mb", "0");
  auto w = worker();
  expect(w.cache_store_type("k"), "NotFound");
  expect(w.cache_store_type(""), throws("ValueError"));
}

CLAUSE_TEST(StoreTypes, "ST-ENC-08/last-store", "the store type is that of the value stored last") {
  begin();
  row(Value::list({1, 2}), equals("SharedGraph"));
  row(7, equals("Scalar"));
  row(Value::map({{"a", 1}}), equals("SharedGraph"));
}

CLAUSE_TEST(StoreTypes, "ST-CNT-08/store-type", "a counter is stored in place") {
  needs("static_cache.pinned");
  auto w = worker();
  expect(pinned(w).set("n", Value::list({1})), true);
  expect(pinned(w).remove_key("n"), true);
  expect(pinned(w).increment("n"), 1);
  expect(w.cache_store_type("n", nullptr, "pinned"), "Scalar");
  expect(w.cache_store_type("n"), "NotFound");
}
