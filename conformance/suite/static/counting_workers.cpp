// Workers that count at the same time: no step is lost, and every history of a counter has an order.
#include <fmt/format.h>

#include <limits>
#include <random>

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

// Rounds of all that can happen to two counters.
class CounterContention final : public TogetherScenario {
 public:
  CounterContention(const Description& target, std::uint64_t seed, int workers, int rounds)
      : TogetherScenario(target), random_(seed), workers_(workers), rounds_(rounds) {}

 private:
  void steps() override {
    const auto all = several(workers_);
    for (int round = 0; round < rounds_; ++round) {
      together(fmt::format("round-{}", round), all, [this](std::size_t, RequestBuilder& request) {
        for (int n = 0; n < 6; ++n) operation(request);
      });
    }
  }

  void operation(RequestBuilder& request) {
    auto cache = pinned(request);
    const std::string key = random_() % 4 == 0 ? "b" : "a";
    switch (random_() % 10) {
      case 0:
        cache.remove_key(key);
        return;
      case 1:
        cache.set(key, static_cast<std::int64_t>(1000 * ++stored_));
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

  std::mt19937_64 random_;
  int workers_, rounds_;
  std::int64_t stored_ = 0;
};

}  // namespace

BODY_TEST("concurrency", "ST-CNT-01/linearizable", "GU-VAL-04 ST-CNT-02 ST-CNT-03 ST-SET-04",
          "concurrent counts, stores and deletions of two keys are linearizable",
          {"static_cache.pinned", "rendezvous", "workers.processes"}) {
  const bool is_quick = context.profile == Profile::quick;
  const auto make = [&](std::uint64_t number) {
    const int workers = 2 + static_cast<int>(number % (is_quick ? 3 : 7));
    return CounterContention(context.target.description(), context.seed + number, workers, is_quick ? 10 : 20)
        .build("counter contention", {"ST-CNT-01", "GU-VAL-04"});
  };
  return check_contention(context,
                          {"ST-CNT-01", "pairs of requests that overlapped on a counter", is_quick ? 4u : 40u, make});
}
