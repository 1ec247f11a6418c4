// ST-RST: opcache_reset and the data cache.
#include "conformance/registry/registration.h"

using namespace assay::conformance;

CLAUSE_TEST(Scenario, "ST-RST-01/script-reset", "a reset of the script cache empties the static cache too") {
  auto [one, two] = workers<2>();
  expect(one.set_multiple(Value::map({{"a", 1}, {"b", Value::list({1, 2})}})), true);
  expect(one.reset(), true);
  expect(two.has_key("a"), false);
  expect(two.get("b", "gone"), "gone");
  expect(one.cache_info(), at({"entry_count"}, 0));
  expect(two.set("a", "again"), true);
  expect(one.get("a"), "again");
}

CLAUSE_TEST(Scenario, "ST-RST-02/at-once", "a reset empties the static cache at the call") {
  auto w = worker();
  auto r = w.request();
  expect(r.set("k", 1), true);
  expect(r.reset(), true);
  expect(r.get("k", "gone"), "gone");
  expect(r.set("k", 2), true);
  expect(r.get("k"), 2);
  expect(w.get("k"), 2);
}

CLAUSE_TEST(Scenario, "ST-RST-04/refused", "a refused reset changes nothing") {
  ini("opcache.enable", "0");
  auto w = worker();
  auto r = w.request();
  auto stored = r.set("k", 1);
  expect(r.reset(), false);
  expect(r.has_key("k"), same_as(stored));
}
