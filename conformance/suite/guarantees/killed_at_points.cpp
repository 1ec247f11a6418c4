// A worker of the data cache is killed at each point that the target shows: nobody waits, nothing is torn.
#include "conformance/exploration/campaign.h"
#include "conformance/exploration/sweep.h"
#include "conformance/registry/registration.h"
#include "faults/points/catalogue.h"

using namespace assay::conformance;
using std::chrono::seconds;

namespace {

Value marked_list(const std::string& mark) {
  return Value::list(std::vector<Value>(50, Value(mark)));
}

// One death in a request that stores, overwrites, reads, deletes and clears.
class KilledAtPoint final : public Scenario {
 public:
  using Scenario::Scenario;

 private:
  void steps() override {
    auto [victim, one, two] = workers<3>();
    for (const char* key : {"overwritten", "deleted", "untouched"}) expect(one.set(key, marked_list("old")), true);
    expect(one.set("expired", marked_list("old"), 5), true);
    advance_clock(seconds(10));
    act(ActionKind::arm, {{"point", "*"}, {"effect", "count"}});
    auto doomed = victim.request();
    doomed.ends("any");
    doomed.set("overwritten", marked_list("new"));
    doomed.set("new", marked_list("new"));
    doomed.get("untouched");
    doomed.remove_key("deleted");
    doomed.set("expired", marked_list("new"));
    doomed.clear_cache();
    act(ActionKind::disarm, {});
    for (const WorkerHandle& survivor : {one, two, victim}) survive(survivor);
    // What is counted is what can be reached, also after the death (GU-RES-01).
    expect(two.remove_keys({"overwritten", "deleted", "untouched", "expired", "new"}), true);
    expect(one.cache_info(), at({"entry_count"}, 0));
  }

  void survive(WorkerHandle worker) {
    const auto bounded = [&worker] {
      auto r = worker.request();
      r.within(seconds(1));
      return r;
    };
    const Value old_value = marked_list("old"), new_value = marked_list("new"), none = "none";
    expect(bounded().get("overwritten", none), one_of({old_value, new_value, none}));
    expect(bounded().get("new", none), one_of({new_value, none}));
    expect(bounded().get("deleted", none), one_of({old_value, none}));
    expect(bounded().get("untouched", none), one_of({old_value, none}));
    expect(bounded().get("expired", none), one_of({new_value, none}));
    expect(bounded().set("after", marked_list("after")), true);
    expect(bounded().get("after"), marked_list("after"));
    expect(bounded().remove_key("after"), true);
  }
};

std::vector<std::string> points_of_the_data_cache() {
  std::vector<std::string> names;
  for (const auto& entry : assay::points::catalogue()) {
    const bool is_static = entry.group == assay::points::Group::cache && entry.is_of(assay::points::Area::static_cache);
    if (is_static && entry.allows(assay::points::Effect::kill)) names.emplace_back(entry.name);
  }
  return names;
}

}  // namespace

BODY_TEST("kill", "GU-LIV-01/kill-any-point", "GU-VAL-02 GU-RES-01 ST-PRC-02 ST-PRC-05",
          "a worker killed at any point leaves a sound cache",
          {"static_cache.volatile", "fault.kill", "workers.processes"}) {
  const Trace pattern =
      KilledAtPoint(context.target.description()).build("killed at a point", {"GU-LIV-01", "ST-PRC-02"});
  Sweep sweep(context.profile == Profile::quick ? 2 : 5);
  for (const std::string& point : points_of_the_data_cache())
    sweep.add(pattern, {.point = point, .effect = "kill", .error = "", .worker = 0});
  return Campaign(context.target, context.folder, {.least = 12}).run(sweep);
}
