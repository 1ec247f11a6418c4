// ST-ISO: what a request does with a fetched value is its own affair.
#include "conformance/registry/registration.h"

using namespace assay::conformance;

CLAUSE_TEST(Scenario, "ST-ISO-01/fetched-array",
            "changing a fetched array changes neither the entry nor any other fetch") {
  auto [one, two] = workers<2>();
  const Value value = Value::map({{"a", 1}, {"list", Value::list({1, 2, 3})}});
  expect(one.set("k", value), true);
  auto r = one.request();
  expect(r.get("k"), value);
  expect(r.get("k"), value);
  expect(r.mutate(0, "a", "changed"), at({"a"}, "changed"));
  expect(r.mutate(0, "new", Value::list({0})), at({"new"}, Value::list({0})));
  expect(r.recall(1), value);
  expect(r.get("k"), value);
  expect(r.get_multiple({"k"}), Value::map({{"k", value}}));
  expect(two.get("k"), value);
  expect(one.get("k"), value);
}

CLAUSE_TEST(Scenario, "ST-ISO-03/separation", "writing into a fetched array separates it, even in nested arrays") {
  auto [one, two] = workers<2>();
  const Value value = Value::map({{"outer", Value::map({{"inner", Value::list({"deep"})}})}, {"other", "same"}});
  expect(one.set("k", value), true);
  auto r = one.request();
  expect(r.get("k"), value);
  expect(r.mutate(0, "outer", Value::map({{"inner", "replaced"}})), at({"outer", "inner"}, "replaced"));
  expect(r.get("k"), value);
  expect(two.get("k"), value);
}

CLAUSE_TEST(Scenario, "ST-ISO-03/nested-array", "ST-ENC-11", "an array fetched as part of another is separated too") {
  auto [one, two] = workers<2>();
  const Value list = Value::list({1, 2, 3});
  expect(one.set_multiple(Value::map({{"a", list}, {"b", list}})), true);
  auto r = one.request();
  expect(r.get_multiple({"a", "b"}), Value::map({{"a", list}, {"b", list}}));
  expect(r.mutate(0, "a", "changed"), Value::map({{"a", "changed"}, {"b", list}}));
  expect(r.get("a"), list);
  expect(r.get("b"), list);
  expect(two.get("a"), list);
}

CLAUSE_TEST(Scenario, "ST-ISO-07/second-fetch", "a second fetch in a request sees what others stored meanwhile") {
  auto [reader, writer] = workers<2>();
  const Value first = Value::map({{"version", 1}, {"rows", Value::list({1, 2})}});
  const Value second = Value::map({{"version", 2}, {"rows", Value::list({3})}});
  expect(writer.set("k", first), true);
  auto r = reader.background("reader");
  expect(r.get("k"), first);
  expect(r.get("k"), first);
  r.rendezvous("stored");
  expect(r.get("k"), second);
  expect(r.recall(0), first);
  wait_for_arrival("stored");
  expect(writer.set("k", second), true);
  release("stored");
  await("reader");
}
