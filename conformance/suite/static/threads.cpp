// ST-PRC-11: workers that are threads of one process.
#include "conformance/registry/registration.h"

using namespace assay::conformance;
using std::chrono::seconds;

CLAUSE_TEST(Scenario, "ST-PRC-11/threads", "ST-LCK-03 ST-ISO-01",
            "threads share entries, exclude each other, and have fetched values of their own") {
  needs("workers.threads");
  needs("static_cache.locks");
  auto [one, two] = workers<2>();
  expect(one.set("list", Value::map({{"n", 1}})), true);
  auto holder = one.background("holder");
  auto fetched = holder.get("list");
  expect(fetched, Value::map({{"n", 1}}));
  expect(holder.mutate(0, "n", 2), Value::map({{"n", 2}}));
  expect(holder.lock("k"), true);
  holder.rendezvous("held");
  expect(holder.recall(0), Value::map({{"n", 1}}));
  wait_for_arrival("held");
  auto other = two.request();
  other.within(seconds(1));
  expect(other.get("list"), Value::map({{"n", 1}}));
  expect(other.lock("k"), false);
  expect(other.unlock("k"), false);
  expect(other.set("of the other", 1), true);
  release("held");
  await("holder");
  expect(two.lock("k"), true);
  expect(one.get("of the other"), 1);
}
