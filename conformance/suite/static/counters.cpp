// ST-CNT: counters of the pinned backend.
#include <limits>

#include "conformance/registry/registration.h"
#include "conformance/suite/static/pinned.h"

using namespace assay::conformance;

namespace {

constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t smallest = std::numeric_limits<std::int64_t>::min();

}  // namespace

CLAUSE_TEST(Scenario, "ST-CNT-01/two-workers", "a counter adds and subtracts for all workers") {
  auto [one, two] = workers<2>();
  expect(pinned(one).increment("n"), 1);
  expect(pinned(two).increment("n"), 2);
  expect(pinned(one).increment("n", 40), 42);
  expect(pinned(two).decrement("n"), 41);
  expect(pinned(one).decrement("n", 50), -9);
  expect(pinned(two).get("n"), -9);
}

CLAUSE_TEST(Scenario, "ST-CNT-02/missing", "a missing key counts from 0") {
  auto [one, two] = workers<2>();
  expect(pinned(one).increment("up", 7), 7);
  expect(pinned(one).decrement("down", 4), -4);
  expect(pinned(one).increment("zero", 0), 0);
  expect(pinned(two).get_multiple({"up", "down", "zero"}), Value::map({{"up", 7}, {"down", -4}, {"zero", 0}}));
  expect(pinned(two).remove_key("up"), true);
  expect(pinned(one).increment("up"), 1);
  expect(pinned(two).clear_cache(), true);
  expect(pinned(one).increment("up"), 1);
}

CLAUSE_TEST(Scenario, "ST-CNT-03/other-types", "ST-AVL-13", "what is no int is neither counted nor changed") {
  auto [one, two] = workers<2>();
  const std::vector<Value> values = {
      1.0, "5", "text", "", true, false, nullptr, Value::list({1}), Value::list({}), Value::map({{"n", 1}})};
  std::int64_t number = 0;
  for (const Value& value : values) {
    const std::string key = "k" + std::to_string(number++);
    expect(pinned(one).set(key, value), true);
    expect(pinned(two).increment(key), false);
    expect(pinned(two).decrement(key, 3), false);
    expect(pinned(two).increment(key, 0), false);
    expect(pinned(one).get(key, "missing"), value);
  }
  expect(pinned(one).cache_info(), at({"entry_count"}, number));
}

CLAUSE_TEST(Scenario, "ST-CNT-03/keeps-reservation", "ST-LCK-07", "a refused count keeps the reservation") {
  needs("static_cache.locks");
  auto [one, two] = workers<2>();
  expect(pinned(one).set("k", "text"), true);
  auto r = one.background("holder");
  expect(pinned(r).lock("k"), true);
  expect(pinned(r).increment("k"), false);
  r.rendezvous("refused");
  expect(pinned(r).unlock("k"), true);
  wait_for_arrival("refused");
  expect(pinned(two).lock("k"), false);
  release("refused");
  await("holder");
}

CLAUSE_TEST(Scenario, "ST-CNT-04/steps", "a step of 0 reads, and a negative one reverses the direction") {
  auto [one, two] = workers<2>();
  expect(pinned(one).set("n", 10), true);
  expect(pinned(two).increment("n", 0), 10);
  expect(pinned(two).decrement("n", 0), 10);
  expect(pinned(one).increment("n", -3), 7);
  expect(pinned(one).decrement("n", -5), 12);
  expect(pinned(two).get("n"), 12);
}

CLAUSE_TEST(Scenario, "ST-CNT-05/overflow", "ST-AVL-13",
            "a counter beyond the range of integers wraps, or is refused") {
  auto [one, two] = workers<2>();
  const std::string overflow = choice("counters-overflow", "wrap");
  struct Case {
    std::int64_t before;
    bool up;
    std::int64_t step, after;
  };
  for (const Case& c : {Case{largest, true, 1, smallest}, Case{smallest, false, 1, largest},
                        Case{smallest, true, -1, largest}, Case{largest, true, largest, -2}}) {
    expect(pinned(one).set("n", c.before), true);
    const auto counted = c.up ? pinned(two).increment("n", c.step) : pinned(two).decrement("n", c.step);
    expect(counted, overflow == "error" ? anything() : equals(c.after));
    expect(pinned(one).get("n"), overflow == "error" ? c.before : c.after);
  }
}

CLAUSE_TEST(Scenario, "ST-CNT-05/smallest-step", "a missing key less the smallest integer is the smallest integer") {
  auto w = worker();
  const bool refuses = choice("counters-overflow", "wrap") == "error";
  expect(pinned(w).decrement("n", smallest), refuses ? anything() : equals(smallest));
  expect(pinned(w).get("n"), refuses ? equals(nullptr) : equals(smallest));
  // Not an overflow.
  expect(pinned(w).increment("m", smallest), smallest);
  expect(pinned(w).decrement("m", smallest), 0);
}

CLAUSE_TEST(Scenario, "ST-CNT-05/warning", "one warning tells of a wrap, and none of a count within the range") {
  auto w = worker();
  const std::string overflow = choice("counters-overflow", "wrap");
  expect(pinned(w).set("n", largest - 1), true);
  expect(pinned(w).increment("n"), all_of({equals(largest), diagnoses(equals(Value::list({})))}));
  if (overflow == "wrap") expect(pinned(w).increment("n"), all_of({equals(smallest), diagnoses(has_length(1))}));
  if (overflow == "wrap-silent")
    expect(pinned(w).increment("n"), all_of({equals(smallest), diagnoses(equals(Value::list({})))}));
}

CLAUSE_TEST(Scenario, "ST-CNT-06/full", "ST-FUL-07 ST-AVL-13",
            "a full backend counts on what it holds and refuses a new counter") {
  ini("opcache.static_cache.pinned_size_mb", "8");
  auto [one, two] = workers<2>();
  expect(pinned(one).set("n", 1), true);
  for (const std::size_t size : {1'000'000, 100'000, 10'000, 1'000, 100, 10, 1}) {
    for (int i = 0; i < 12; ++i)
      expect(pinned(one).set(std::to_string(size) + " " + std::to_string(i), std::string(size, 'f')), of_type("bool"));
  }
  expect(pinned(two).increment("n", 41), 42);
  expect(pinned(two).increment(std::string(1'000'000, 'k')), false);
  expect(pinned(two).has_key(std::string(1'000'000, 'k')), false);
  expect(pinned(one).decrement("n", 2), 40);
}

CLAUSE_TEST(Scenario, "ST-CNT-07/waits", "ST-LCK-06 ST-LCK-07",
            "a count waits for a foreign reservation, and the holder's own gives it back") {
  needs("static_cache.locks");
  auto [holder, other] = workers<2>();
  auto r = holder.background("holder");
  expect(pinned(r).lock("k"), true);
  r.rendezvous("held");
  expect(pinned(r).set("k", 10), true);
  r.rendezvous("set");
  expect(pinned(r).get("k"), one_of({10, 12}));
  wait_for_arrival("held");
  auto waiting = other.background("waiting");
  expect(pinned(waiting).increment("k", 2), 12);
  release("held");
  wait_for_arrival("set");
  await("waiting");
  release("set");
  await("holder");
  auto again = holder.request();
  expect(pinned(again).lock("k"), true);
  expect(pinned(again).increment("k"), 13);
  expect(pinned(again).unlock("k"), false);
}

CLAUSE_TEST(Scenario, "ST-CNT-08/plain-int", "a counter is a plain int that set may replace") {
  auto [one, two] = workers<2>();
  expect(pinned(one).increment("k", 3), 3);
  expect(pinned(two).get("k"), 3);
  expect(pinned(two).set("k", "text"), true);
  expect(pinned(one).increment("k"), false);
  expect(pinned(one).set("k", 5), true);
  expect(pinned(two).increment("k"), 6);
}

CLAUSE_TEST(Scenario, "ST-PRC-06/death-between", "what was counted before a death stays counted") {
  needs("workers.processes");
  auto [one, two] = workers<2>();
  for (int i = 1; i <= 3; ++i) expect(pinned(one).increment("n"), i);
  kill(one);
  expect(pinned(two).increment("n"), 4);
  expect(pinned(one).increment("n"), 5);
}
