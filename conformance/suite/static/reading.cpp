// ST-GET: reading from the data cache.
#include "conformance/registry/test_case.h"

using namespace assay::conformance;

CLAUSE("ST-GET-02", "a miss gives the default, and nothing is stored") {
  auto [one, two] = workers<2>();
  expect(one.get("absent"), nullptr);
  expect(one.get("absent", "other"), "other");
  expect(two.has_key("absent"), false);
}

CLAUSE("ST-GET-13", "a worker sees what another one stored at once") {
  auto [one, two] = workers<2>();
  expect(one.set("k", Value::map({{"a", 1}, {"b", Value::list({1.5, "x", nullptr})}})), true);
  expect(two.get("k"), Value::map({{"a", 1}, {"b", Value::list({1.5, "x", nullptr})}}));
  expect(two.remove_key("k"), true);
  expect(one.get("k", "gone"), "gone");
}
