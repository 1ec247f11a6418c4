// GU-LIV-01: a worker that is killed inside a store holds up nobody.
#include <fmt/format.h>

#include "conformance/registry/test_case.h"

using namespace assay::conformance;
using std::chrono::seconds;

namespace {

// A worker stores without a pause and is killed at some moment of that, again and again; it spends so much of the time
// inside the cache that a few rounds hit it there. As plain steps, so that a failure replays as it stands.
class KilledInsideStore final : public Scenario {
 public:
  using Scenario::Scenario;

 private:
  static constexpr int rounds = 12;
  static constexpr int stores = 10;
  static constexpr int keys = 1500;

  void steps() override {
    note("the moment of each kill is left to chance: a replay may need several rounds, or several runs, to hit");
    auto [victim, one, two] = workers<3>();
    const Value batch = many_entries();
    for (int round = 0; round < rounds; ++round) {
      const std::string name = fmt::format("round {}", round);
      expect(one.set("before", name), true);
      auto doomed = victim.background(name);
      doomed.ends("any");
      doomed.rendezvous(fmt::format("go{}", round));
      for (int i = 0; i < stores; ++i) doomed.set_multiple(batch);
      meet(fmt::format("go{}", round));
      part(fmt::format("go{}", round));
      // Time passes, more in each round.
      for (int i = 0; i <= round % 5; ++i) one.cache_info();
      kill(victim);
      await(name);
      survive(one, name);
      survive(two, name);
      survive(victim, name);
    }
  }

  static Value many_entries() {
    Elements elements;
    for (int i = 0; i < keys; ++i) elements.emplace_back(fmt::format("k{}", i), i);
    return elements;
  }

  // Every operation, each within the bound.
  void survive(WorkerHandle worker, const std::string& round) {
    const auto bounded = [&worker] {
      auto r = worker.request();
      r.within(seconds(1));
      return r;
    };
    expect(bounded().set("after", round), true);
    expect(bounded().get("after"), round);
    expect(bounded().get("before", "evicted"), one_of({round, "evicted"}));
    expect(bounded().get("k7", 7), 7);
    expect(bounded().has_key("after"), true);
    expect(bounded().set_multiple(Value::map({{"k7", 7}, {"k8", 8}})), true);
    expect(bounded().get_multiple({"k7", "k8"}), Value::map({{"k7", 7}, {"k8", 8}}));
    expect(bounded().remove_key("k8"), true);
    expect(bounded().remove_keys({"k7", "after"}), true);
    bounded().cache_info();
  }
};

[[maybe_unused]] const bool registered = [] {
  TestCase test = detail::describe_test("kill", "GU-LIV-01 ST-PRC-04",
                                        "a worker killed inside a store leaves the others working", __FILE__, __LINE__);
  test.trace = [name = test.name, clauses = test.clauses](const Description& target) {
    return KilledInsideStore(target).build(name, clauses);
  };
  return register_test(std::move(test));
}();

}  // namespace
