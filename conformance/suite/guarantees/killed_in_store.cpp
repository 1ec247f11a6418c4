// GU-LIV-01: a worker that is killed inside a store holds up nobody.
#include <fmt/format.h>

#include "conformance/registry/registration.h"

using namespace assay::conformance;
using std::chrono::seconds;

namespace {

// A worker stores without a pause and is killed at some moment of that, again and again; it spends so much of the time
// inside the cache that a few rounds hit it there. As plain steps, so that a failure replays as it stands.
class KilledInsideStore final : public Scenario {
 public:
  using Scenario::Scenario;

 private:
  static constexpr int rounds = 4;
  static constexpr int stores =
      32;  // APCu needs some 200 ms for them: longer than the requests beside them, on any machine
  static constexpr std::size_t deep = 512;

  void steps() override {
    note(
        "the moment of each kill is left to chance: a replay may need several rounds, and once in a while a second "
        "run");
    auto [victim, one, two] = workers<3>();
    const std::vector<std::string> keys = colliding_keys();
    Elements batch;
    for (std::size_t i = 0; i < keys.size(); ++i) batch.emplace_back(keys[i], static_cast<std::int64_t>(i));
    const Elements deepest(batch.end() - deep, batch.end());
    for (int round = 0; round < rounds; ++round) {
      const std::string name = fmt::format("round {}", round), go = fmt::format("go{}", round);
      expect(one.set("before", name), true);
      auto doomed = victim.background(name);
      doomed.ends("any");
      doomed.set_multiple(batch);
      doomed.rendezvous(go);
      for (int i = 0; i < stores; ++i) doomed.set_multiple(deepest);
      wait_for_arrival(go);
      release(go);
      // Some milliseconds pass, another number each round; these requests touch no cache.
      for (int i = 0; i < 20 + 15 * (round % 4); ++i) one.time();
      kill(victim);
      await(name);
      for (WorkerHandle survivor : {one, two, victim}) survive(survivor, name, keys.front());
    }
  }

  // 4096 keys with one hash in the family h * 33 + c: a table with chains has far to go for each, and if it holds a
  // lock meanwhile, the worker dies under that lock nearly always.
  static std::vector<std::string> colliding_keys() {
    std::vector<std::string> keys = {""};
    while (keys.size() < 4096) {
      std::vector<std::string> longer;
      for (const std::string& key : keys) {
        longer.push_back(key + "Ez");
        longer.push_back(key + "FY");
      }
      keys = std::move(longer);
    }
    return keys;
  }

  // Every operation, each within the bound.
  void survive(WorkerHandle worker, const std::string& round, const std::string& stored) {
    const auto bounded = [&worker] {
      auto r = worker.request();
      r.within(seconds(1));
      return r;
    };
    expect(bounded().set("after", round), true);
    expect(bounded().get("after"), round);
    expect(bounded().get("before", "evicted"), one_of({round, "evicted"}));
    expect(bounded().get(stored, 0), 0);
    expect(bounded().has_key("after"), true);
    expect(bounded().set_multiple(Value::map({{"k7", 7}, {"k8", 8}})), true);
    expect(bounded().get_multiple({"k7", "k8"}), Value::map({{"k7", 7}, {"k8", 8}}));
    expect(bounded().remove_key("k8"), true);
    expect(bounded().remove_keys({"k7", "after"}), true);
    bounded().cache_info();
  }
};

[[maybe_unused]] const bool killed_in_store_registered = [] {
  TestCase test = clause_test<KilledInsideStore>("GU-LIV-01/kill-in-store", "ST-PRC-04",
                                                 "a worker killed inside a store leaves the others working");
  test.kind = "kill";
  return register_test(std::move(test));
}();

}  // namespace
