// ST-TTL: how long an entry lives.
#include "conformance/registry/registration.h"

#include <limits>

using namespace assay::conformance;
using std::chrono::seconds;

CLAUSE_TEST(Scenario, "ST-TTL-02/never", "a TTL of zero, or none, never expires") {
  auto [one, two] = workers<2>();
  expect(one.set("none", 1), true);
  expect(one.set("zero", 2, 0), true);
  expect(one.set_multiple(Value::map({{"several", 3}})), true);
  advance_clock(std::chrono::hours(24 * 365 * 10));
  expect(two.get_multiple({"none", "zero", "several"}), Value::map({{"none", 1}, {"zero", 2}, {"several", 3}}));
}

CLAUSE_TEST(Scenario, "ST-TTL-03/negative", "a negative TTL is refused and writes nothing") {
  auto w = worker();
  expect(w.set("k", "old"), true);
  expect(w.set("k", "new", -1), throws("ValueError"));
  expect(w.set_multiple(Value::map({{"k", "new"}, {"l", 1}}), -5), throws("ValueError"));
  expect(w.get("k"), "old");
  expect(w.has_key("l"), false);
}

CLAUSE_TEST(Scenario, "ST-TTL-04/last-second", "ST-TTL-05",
            "an entry is live until the second of its store plus its TTL") {
  auto [one, two] = workers<2>();
  const bool inclusive = choice("ttl-edge", "exclusive") == "inclusive";
  expect(one.set("k", "v", 30), true);
  advance_clock(seconds(29));
  expect(two.get("k", "expired"), "v");
  advance_clock(seconds(1));
  expect(two.get("k", "expired"), inclusive ? "v" : "expired");
  advance_clock(seconds(1));
  expect(two.get("k", "expired"), "expired");
}

CLAUSE_TEST(Scenario, "ST-TTL-06/wall-clock", "the wall clock at the call counts unless another clock is declared") {
  auto [one, two] = workers<2>();
  const bool wall = choice("ttl-clock", "wall") == "wall";
  expect(one.set("k", "v", 50), true);
  advance_clock(seconds(-100));
  expect(two.get("k", "expired"), "v");
  advance_clock(seconds(105));
  expect(two.get("k", "expired"), wall ? "v" : "expired");
  advance_clock(seconds(100));
  expect(two.get("k", "expired"), "expired");
}

CLAUSE_TEST(Scenario, "ST-TTL-07/renewed", "each store renews the TTL, and reading never extends it") {
  auto [one, two] = workers<2>();
  expect(one.set_multiple(Value::map({{"permanent", 1}, {"renewed", 1}, {"read", 1}}), 10), true);
  expect(one.set("shortened", 1), true);
  advance_clock(seconds(8));
  expect(two.set("permanent", 2), true);
  expect(two.set("renewed", 2, 10), true);
  expect(two.set("shortened", 2, 1), true);
  expect(two.get("read"), 1);
  advance_clock(seconds(6));
  expect(one.get_multiple({"permanent", "renewed", "read", "shortened"}),
         Value::map({{"permanent", 2}, {"renewed", 2}, {"read", nullptr}, {"shortened", nullptr}}));
}

CLAUSE_TEST(Scenario, "ST-TTL-08/expired", "an expired entry is absent for every method") {
  auto [one, two] = workers<2>();
  expect(one.set("k", "v", 5), true);
  advance_clock(seconds(7));
  expect(two.get("k", "default"), "default");
  expect(two.get_multiple({"k"}, Value::list({"default"})), Value::map({{"k", Value::list({"default"})}}));
  expect(two.has_key("k"), false);
  expect(two.remove_key("k"), true);
  expect(two.remove_keys({"k"}), true);
}

CLAUSE_TEST(Scenario, "ST-TTL-09/counted", "ST-AVL-09", "an expired entry may still be counted; a live one always is") {
  auto w = worker();
  expect(w.set("short", 1, 1), true);
  expect(w.set("long", 1), true);
  expect(w.cache_info(), at({"entry_count"}, 2));
  advance_clock(seconds(5));
  expect(w.has_key("short"), false);
  expect(w.cache_info(), at({"entry_count"}, between(1, 2)));
  expect(w.set("short", 2), true);
  expect(w.cache_info(), at({"entry_count"}, 2));
}

CLAUSE_TEST(Scenario, "ST-TTL-10/very-large", "a very large TTL means practically never") {
  auto [one, two] = workers<2>();
  expect(one.set("k", "v", std::int64_t{1} << 32), true);
  expect(two.get("k", "expired"), "v");
  advance_clock(std::chrono::hours(24 * 365));
  expect(two.get("k", "expired"), "v");
}

CLAUSE_TEST(Scenario, "ST-TTL-10/largest-integer", "a TTL of the largest integer does not wrap into the past") {
  auto [one, two] = workers<2>();
  expect(one.set("k", "v", std::numeric_limits<std::int64_t>::max()), true);
  expect(two.get("k", "expired"), "v");
  advance_clock(std::chrono::hours(24 * 365));
  expect(two.get("k", "expired"), "v");
}
