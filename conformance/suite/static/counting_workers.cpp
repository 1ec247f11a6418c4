// Workers that count at the same time: no step is lost, and every history of a counter has an order.
#include <fmt/format.h>

#include <limits>

#include "conformance/registry/registration.h"
#include "conformance/suite/static/contention.h"
#include "conformance/suite/static/pinned.h"
#include "conformance/suite/static/together.h"

using namespace assay::conformance;

CLAUSE_TEST(TogetherScenario, "ST-CNT-01/no-lost-step", "ST-CNT-02", "workers that count at once lose no step") {
  needs("rendezvous");
  const auto all = several(4);
  together("count", all, [](std::size_t, RequestBuilder& request) {
    for (int n = 0; n < 150; ++n) pinned(request).increment("n");
    for (int n = 0; n < 50; ++n) pinned(request).decrement("n", 2);
    for (int n = 0; n < 10; ++n) pinned(request).increment(fmt::format("new {}", n));
  });
  expect(pinned(all[0]).get("n"), 4 * 50);
  for (int n = 0; n < 10; ++n) expect(pinned(all[1]).get(fmt::format("new {}", n)), 4);
}

namespace {

// One counts in steps of 1000 and dies at it; what the others count stays, and of the dead one's steps each counts or
// does not.
class CountingDeath final : public TogetherScenario {
 public:
  using TogetherScenario::TogetherScenario;

 private:
  static constexpr int steps_of_the_dead = 60;

  void steps() override {
    needs("rendezvous");
    needs("workers.processes");
    note("the moment of the kill is left to chance: a replay may need several rounds");
    const auto all = several(3);
    const WorkerHandle victim = all[0];
    std::int64_t counted = 0;
    for (int round = 0; round < 3; ++round) {
      const std::string name = fmt::format("round {}", round), go = fmt::format("go{}", round);
      auto doomed = WorkerHandle(victim).background(name);
      doomed.ends("any");
      doomed.rendezvous(go);
      for (int n = 0; n < steps_of_the_dead; ++n) pinned(doomed).increment("n", 1000);
      wait_for_arrival(go);
      release(go);
      for (int n = 0; n < 20; ++n, ++counted) pinned(all[1]).increment("n");
      kill(victim);
      await(name);
      for (int n = 0; n < 10; ++n, ++counted) pinned(all[2]).increment("n");
    }
    std::vector<Value> allowed;
    for (std::int64_t n = 0; n <= 3 * steps_of_the_dead; ++n) allowed.emplace_back(1000 * n + counted);
    for (const WorkerHandle& survivor : all) expect(pinned(survivor).get("n"), one_of(allowed));
    expect(pinned(all[0]).cache_info(), at({"entry_count"}, 1));
  }
};

[[maybe_unused]] const bool counting_workers_registered = [] {
  TestCase test = clause_test<CountingDeath>("ST-PRC-06/killed-while-counting", "GU-LIV-01 GU-VAL-02 ST-PRC-04",
                                             "each step of a worker killed while counting is counted or not");
  test.kind = "kill";
  return register_test(std::move(test));
}();

class CounterContention final : public ContentionRounds {
 public:
  using ContentionRounds::ContentionRounds;

 private:
  void operation(RequestBuilder& request, const std::string& key) override {
    auto cache = pinned(request);
    switch (drawn_below(10)) {
      case 0:
        cache.remove_key(key);
        return;
      case 1:
        cache.set(key, 1000 * next_number());
        return;
      case 2:
        cache.set(key, "no number");
        return;
      case 3:
        cache.decrement(key, 7);
        return;
      case 4:
      case 5:
        cache.get(key, "nothing there");
        return;
      case 6:
        cache.increment(key, std::numeric_limits<std::int64_t>::max());
        return;
      default:
        cache.increment(key);
    }
  }
};

}  // namespace

BODY_TEST("concurrency", "ST-CNT-01/linearizable", "GU-VAL-04 ST-CNT-02 ST-CNT-03 ST-SET-04",
          "concurrent counts, stores and deletions of two keys are linearizable",
          {"static_cache.pinned", "rendezvous", "workers.processes"}) {
  return check_contention(context, "ST-CNT-01", "a counter", [&](const ContentionRounds::Size& size) {
    return CounterContention(context.target.description(), size);
  });
}
