// ST-EXT: what other caches have beside the proposal: stores where there is none, counters, computed values, listings.
#include <fmt/format.h>

#include "conformance/registry/registration.h"
#include "conformance/suite/static/contention.h"
#include "conformance/suite/static/values.h"

using namespace assay::conformance;
using std::chrono::seconds;

namespace {

// What `remember` replies: the value, and whether the function ran.
Value computed(Value value) {
  return Value::list({std::move(value), true});
}
Value remembered(Value value) {
  return Value::list({std::move(value), false});
}

}  // namespace

CLAUSE_TEST(Scenario, "ST-EXT-01/live", "ST-EXT-02", "an add is refused by a live entry, and taken once it is gone") {
  auto [one, two] = workers<2>();
  expect(one.add("k", 1), true);
  expect(two.get("k"), 1);
  expect(two.add("k", 2), false);
  expect(one.add("k", 3), false);
  expect(one.get("k"), 1);
  expect(one.set("null", nullptr), true);
  expect(two.add("null", 1), false);
  expect(two.set("k", 4), true);
  expect(one.remove_key("k"), true);
  expect(one.add("k", Value::list({5})), true);
  expect(two.get("k"), Value::list({5}));
  expect(two.clear_cache(), true);
  expect(two.add("k", 6), true);
}

CLAUSE_TEST(Scenario, "ST-EXT-01/expired", "ST-EXT-02 ST-TTL-04",
            "an add is taken where the entry has expired, and expires itself") {
  needs("static_cache.ttl");
  auto [one, two] = workers<2>();
  expect(one.set("k", 1, 5), true);
  expect(two.add("k", 2, 100), false);
  advance_clock(seconds(10));
  expect(two.add("k", 3, 5), true);
  expect(one.get("k"), 3);
  expect(one.add("k", 4), false);
  advance_clock(seconds(10));
  expect(one.get("k", none), none);
  expect(one.add("k", 5), true);
}

CLAUSE_TEST(TogetherScenario, "ST-EXT-01/at-once", "GU-VAL-04",
            "of workers that add a missing key at once one gets true") {
  needs("rendezvous");
  auto all = several(4);
  constexpr int keys = 60;
  together("add", all, [&](std::size_t i, RequestBuilder& request) {
    for (int k = 0; k < keys; ++k) request.add(fmt::format("k{}", k), static_cast<std::int64_t>(i));
  });
  const std::vector<Value> any = {0, 1, 2, 3};
  for (int k = 0; k < keys; ++k) expect(all[0].get(fmt::format("k{}", k), none), one_of(any));
  expect(all[1].add("k0", "late"), false);
}

CLAUSE_TEST(Scenario, "ST-EXT-03/counts", "ST-EXT-04", "counts on the volatile backend go on from what is there") {
  auto [one, two] = workers<2>();
  expect(one.increment("n"), 1);
  expect(two.increment("n", 5), 6);
  expect(one.decrement("n", 8), -2);
  expect(two.get("n"), -2);
  expect(one.set("text", "5"), true);
  expect(two.increment("text"), false);
  expect(one.get("text"), "5");
}

CLAUSE_TEST(Scenario, "ST-EXT-04/expiry", "ST-EXT-03 ST-TTL-04",
            "counting does not prolong a time to live, and begins anew after it") {
  needs("static_cache.ttl");
  auto [one, two] = workers<2>();
  expect(one.set("n", 10, 6), true);
  advance_clock(seconds(4));
  expect(two.increment("n"), 11);
  expect(one.get("n"), 11);
  advance_clock(seconds(4));
  expect(one.get("n", none), none);
  expect(two.increment("n"), 1);
  advance_clock(seconds(1'000));
  expect(one.get("n"), 1);
}

CLAUSE_TEST(TogetherScenario, "ST-EXT-03/no-lost-step", "GU-VAL-04",
            "workers that count on the volatile backend at once lose no step") {
  needs("rendezvous");
  auto all = several(4);
  together("count", all, [](std::size_t, RequestBuilder& request) {
    for (int n = 0; n < 100; ++n) request.increment("n");
    for (int n = 0; n < 50; ++n) request.decrement("n", 1);
  });
  expect(all[0].get("n"), 4 * 50);
}

namespace {

// One creates a counter and removes it, again and again; another reads it.
class CreatedCounter final : public TogetherScenario {
 public:
  using TogetherScenario::TogetherScenario;

 private:
  void steps() override {
    needs("rendezvous");
    auto all = several(2);
    for (int round = 0; round < 150; ++round) {
      together(fmt::format("create {}", round), all, [&](std::size_t i, RequestBuilder& request) {
        for (int n = 0; n < 100; ++n) {
          if (i == 0) {
            expect(request.increment("n"), 1);
            request.remove_key("n");
          } else {
            expect(request.get("n", none), one_of({1, none}));
          }
        }
      });
    }
  }
};

// Whether these meet in the moment that counts is chance: often enough where there are many.
[[maybe_unused]] const bool created_counter_registered = [] {
  TestCase test = clause_test<CreatedCounter>("ST-EXT-03/created", "GU-VAL-04",
                                              "a counter that is created is seen by nobody before its first step");
  test.profile = Profile::standard;
  return register_test(std::move(test));
}();

}  // namespace

CLAUSE_TEST(Scenario, "ST-EXT-05/once", "ST-EXT-02",
            "a missing value is computed once, and given to whoever asks later") {
  auto [one, two] = workers<2>();
  expect(one.remember("k", Value::list({"made"})), computed(Value::list({"made"})));
  expect(two.remember("k", "again"), remembered(Value::list({"made"})));
  expect(two.get("k"), Value::list({"made"}));
  expect(one.set("null", nullptr), true);
  expect(two.remember("null", 1), remembered(nullptr));
  expect(one.remove_key("k"), true);
  expect(two.remember("k", 2), computed(2));
}

CLAUSE_TEST(Scenario, "ST-EXT-05/expiry", "ST-TTL-04", "a computed value expires, and is computed again then") {
  needs("static_cache.ttl");
  auto [one, two] = workers<2>();
  expect(one.remember("k", 1, 5), computed(1));
  expect(two.remember("k", 2, 5), remembered(1));
  advance_clock(seconds(10));
  expect(two.remember("k", 3, 5), computed(3));
  expect(one.get("k"), 3);
}

CLAUSE_TEST(Scenario, "ST-EXT-06/throws", "ST-EXT-05",
            "what a computing function throws reaches its caller alone, and nothing is stored") {
  auto [one, two] = workers<2>();
  auto request = one.request();
  request.within(seconds(2));
  expect(request.cache_remember("k", 1, 0, true), throws("LogicException"));
  expect(request.has_key("k"), false);
  auto after = two.request();
  after.within(seconds(2));
  expect(after.remember("k", 2), computed(2));
  expect(after.cache_remember("k", 3, 0, true), remembered(2));
}

CLAUSE_TEST(TogetherScenario, "ST-EXT-07/at-once", "GU-VAL-04",
            "of workers that ask for a missing key at once one computes it") {
  needs("rendezvous");
  auto all = several(4);
  constexpr int keys = 40;
  const std::vector<Value> any = {0, 1, 2, 3};
  together("remember", all, [&](std::size_t i, RequestBuilder& request) {
    for (int k = 0; k < keys; ++k)
      expect(request.remember(fmt::format("k{}", k), static_cast<std::int64_t>(i)), at({0}, one_of(any)));
  });
  for (int k = 0; k < keys; ++k) expect(all[0].get(fmt::format("k{}", k), none), one_of(any));
}

CLAUSE_TEST(Scenario, "ST-EXT-05/too-large", "ST-FUL-06",
            "a computed value that no room is large enough for is returned all the same") {
  ini("opcache.static_cache.volatile_size_mb", "8");
  auto w = worker();
  expect(w.remember("k", oversized()), computed(oversized()));
  expect(w.has_key("k"), false);
}

CLAUSE_TEST(Scenario, "ST-EXT-08/live", "ST-EXT-02", "a listing names each live entry once, and none that is gone") {
  needs("static_cache.ttl");
  auto [one, two] = workers<2>();
  expect(one.cache_keys(), Value::list({}));
  for (const char* key : {"a", "b", "5", "short"}) expect(one.set(key, 1, key == std::string("short") ? 5 : 0), true);
  expect(two.cache_keys(), Value::list({"5", "a", "b", "short"}));
  expect(two.set("a", 2), true);
  expect(two.remove_key("b"), true);
  advance_clock(seconds(10));
  expect(one.cache_keys(), Value::list({"5", "a"}));
  expect(two.clear_cache(), true);
  expect(one.cache_keys(), Value::list({}));
}

CLAUSE_TEST(Scenario, "ST-EXT-08/many", "ST-SET-08", "a listing names each of many keys") {
  auto [one, two] = workers<2>();
  Elements all;
  std::vector<Value> names;
  for (int i = 0; i < 2'000; ++i) {
    names.emplace_back(fmt::format("key.{:04}", i));
    all.emplace_back(Key(names.back().as_string()), i);
  }
  expect(one.set_multiple(Value(all)), true);
  expect(two.cache_keys(), Value::list(names));
}

namespace {

// With these parts of what the target claims.
class ExtendedContention final : public ContentionRounds {
 public:
  ExtendedContention(const Description& target, std::set<std::string> parts, const Size& size)
      : ContentionRounds(target, size), claims_(target.features), parts_(std::move(parts)) {}

 private:
  bool has(const char* part) const {
    return parts_.contains(part) && claims_.contains(std::string("static_cache.") + part);
  }

  void operation(RequestBuilder& request, const std::string& key) override {
    const std::int64_t value = 1'000 * next_number();
    switch (drawn_below(9)) {
      case 0:
      case 1:
        request.remove_key(key);
        return;
      case 2:
        request.set(key, value);
        return;
      case 3:
        request.get(key, none);
        return;
      case 4:
        if (has("counters")) request.increment(key);
        return;
      case 5:
      case 6:
        if (has("remember")) request.cache_remember(key, value, 0, drawn_below(5) == 0);
        return;
      default:
        if (has("add")) request.add(key, value);
    }
  }

  std::set<std::string> claims_, parts_;
};

TestResult check_parts(const TestContext& context, const std::string& clause, const std::set<std::string>& parts) {
  return check_contention(context, clause, "a key", [&](const ContentionRounds::Size& size) {
    return ExtendedContention(context.target.description(), parts, size);
  });
}

}  // namespace

BODY_TEST("concurrency", "ST-EXT-01/linearizable", "GU-VAL-04 ST-EXT-05 ST-EXT-06 ST-EXT-07 ST-SET-04",
          "concurrent adds, computed values and deletions of two keys are linearizable",
          {"static_cache.volatile", "rendezvous", "workers.processes"}) {
  return check_parts(context, "ST-EXT-01", {"add", "remember"});
}

BODY_TEST("concurrency", "ST-EXT-03/linearizable", "GU-VAL-04 ST-SET-04",
          "concurrent volatile counts, stores and deletions of two keys are linearizable",
          {"static_cache.volatile", "rendezvous", "workers.processes"}, Profile::standard) {
  return check_parts(context, "ST-EXT-03", {"counters"});
}
