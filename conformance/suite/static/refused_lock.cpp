// The system refuses the lock of a data cache: a call that needs it is false and has done nothing, as it is for the
// script cache (suite/script/refused_lock.cpp).
#include <fmt/format.h>

#include "conformance/exploration/campaign.h"
#include "conformance/exploration/sweep.h"
#include "conformance/registry/registration.h"

using namespace assay::conformance;

namespace {

// One call without its lock, and what two workers find afterwards.
class RefusedLock final : public Scenario {
 public:
  struct Call {
    const char* name;
    Operation operation;
    bool is_list = false;  // of two keys: the first may be done before the lock of the second is refused
  };
  RefusedLock(const Description& target, Call call) : Scenario(target), call_(std::move(call)) {}

 private:
  void steps() override {
    auto [one, two] = workers<2>();
    expect(one.set_multiple(Value::map({{"k", "old"}, {"l", "old"}})), true);
    act(ActionKind::arm, {{"point", "*"}, {"effect", "count"}});  // in its place the refusal is armed
    expect(one.ask(call_.operation), false);
    act(ActionKind::disarm, {});
    for (WorkerHandle worker : {two, one}) {
      expect(worker.get("k", "gone"), call_.is_list ? one_of({"old", "new", "gone"}) : equals("old"));
      expect(worker.get("l", "gone"), "old");
    }
    for (WorkerHandle worker : {two, one}) {
      expect(worker.set("k", "after"), true);
      expect(worker.get("k"), "after");
    }
    expect(two.clear_cache(), true);
    expect(one.cache_info(), at({"entry_count"}, 0));
  }

  Call call_;
};

std::vector<RefusedLock::Call> calls(const Description& target) {
  std::vector<RefusedLock::Call> all = {
      {"set", make_operation(OperationKind::cache_set, {{"key", "k"}, {"value", "new"}})},
      {"set of a number", make_operation(OperationKind::cache_set, {{"key", "k"}, {"value", 1}})},
      {"set with a TTL", make_operation(OperationKind::cache_set, {{"key", "k"}, {"value", "new"}, {"ttl", 5}})},
      {"set of a new key", make_operation(OperationKind::cache_set, {{"key", "n"}, {"value", "new"}})},
      {"setMultiple",
       make_operation(OperationKind::cache_set_multiple, {{"values", Value::map({{"k", "new"}, {"l", "new"}})}}), true},
      {"delete", make_operation(OperationKind::cache_delete, {{"key", "k"}})},
      {"clear", make_operation(OperationKind::cache_clear, {})},
  };
  if (target.features.contains("static_cache.locks"))
    all.push_back({"lock", make_operation(OperationKind::cache_lock, {{"key", "k"}})});
  return all;
}

}  // namespace

BODY_TEST("sweep", "ST-SET-01/refused-lock", "ST-SET-13 ST-SET-15 GU-LIV-05 GU-VAL-02",
          "a store, delete or clear without its lock is false and changes nothing",
          {"fault", "static_cache.volatile", "workers"}) {
  Sweep sweep(1);  // from the first call on
  for (const RefusedLock::Call& call : calls(context.target.description())) {
    const Trace trace =
        RefusedLock(context.target.description(), call)
            .build(fmt::format("{} without its lock", call.name), {"ST-SET-01", "ST-SET-13", "ST-SET-15", "GU-LIV-05"});
    for (const char* error : {"ENOLCK", "EDEADLK"}) sweep.add(trace, {"static/lock/acquire", "fail", error, true, 0});
  }
  return Campaign(context.target, context.folder, {.least = 8}).run(sweep);
}
