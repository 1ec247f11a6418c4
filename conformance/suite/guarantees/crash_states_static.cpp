// Every crash state of every operation of the data cache.
#include <fmt/format.h>

#include "conformance/suite/guarantees/crash_states.h"

using namespace assay::conformance;
using std::chrono::seconds;

namespace {

constexpr const char* kClauses = "GU-LIV-01 GU-VAL-01 GU-VAL-02 GU-VAL-03 GU-RES-01 ST-PRC-02 ST-PRC-05";

Value marked(const std::string& mark) {
  return Value::map({{"mark", mark}, {"more", Value::list({mark, 1, 2.5, mark})}});
}

// Keys that were there before, some of which the operation touches; then the operation by worker 0; then what the
// others and its successor find: old values or new ones in whole, no waiting, and counts that are true.
class DataCacheCrash : public Scenario {
 public:
  using Scenario::Scenario;

 protected:
  virtual void operation(RequestBuilder& doomed) = 0;
  virtual void freed(RequestBuilder&) {}  // what else must be free again

  void steps() override {
    ini("opcache.static_cache.volatile_size_mb", "1");
    ini("opcache.enable", "0");  // no other memory than the one under test
    auto [victim, one, two] = workers<3>();
    for (const char* key : {"overwritten", "deleted", "untouched"}) expect(one.set(key, marked("old")), true);
    expect(one.set("expired", marked("old"), 5), true);
    // It has served before: what is followed is the operation and not the beginning of a worker.
    expect(victim.get("untouched"), marked("old"));
    expect(two.get("untouched"), marked("old"));
    advance_clock(seconds(10));
    act(ActionKind::explore_crash, {{"worker", victim.number()}});
    auto doomed = victim.request();
    doomed.ends("any");
    operation(doomed);
    for (const WorkerHandle& survivor : {one, two, victim}) survive(survivor);
    auto emptied = two.request();
    emptied.within(seconds(1));
    freed(emptied);
    about("GU-RES-01");
    expect(emptied.remove_keys({"overwritten", "deleted", "untouched", "expired", "new"}), true);
    auto counted = one.request();
    counted.within(seconds(1));
    about("GU-RES-01");
    expect(counted.cache_info(), at({"entry_count"}, 0));
  }

 private:
  void survive(WorkerHandle worker) {
    auto r = worker.request();
    r.within(seconds(1));
    const Value old_value = marked("old"), new_value = marked("new"), none = "none";
    about("GU-VAL-02");
    expect(r.get("overwritten", none), one_of({old_value, new_value, none}));
    expect(r.get("new", none), one_of({new_value, none}));
    expect(r.get("deleted", none), one_of({old_value, none}));
    expect(r.get("untouched", none), one_of({old_value, none}));
    expect(r.get("expired", none), one_of({new_value, none}));
    about("GU-VAL-03");
    expect(r.set("after", marked("after")), true);
    expect(r.get("after"), marked("after"));
    expect(r.remove_key("after"), true);
    expect(r.get("after", none), none);
    expect(r.set("overwritten", marked("new")), true);
    expect(r.get("overwritten"), marked("new"));
  }
};

#define DATA_CACHE_CRASH(name, title, quick, ...)                    \
  class name final : public DataCacheCrash {                         \
    using DataCacheCrash::DataCacheCrash;                            \
    void operation(RequestBuilder& doomed) override { __VA_ARGS__; } \
  };                                                                 \
  ASSAY_CRASH_STATES(name, kClauses, title, {"static_cache.volatile"}, quick)

DATA_CACHE_CRASH(SetNew, "every death inside a store under a new key", 8, doomed.set("new", marked("new")));
DATA_CACHE_CRASH(Overwrite, "every death inside a store over an old value", 0,
                 doomed.set("overwritten", marked("new")));
DATA_CACHE_CRASH(SetOverExpired, "every death inside a store over an expired value", 0,
                 doomed.set("expired", marked("new")));
DATA_CACHE_CRASH(GetOld, "every death inside a fetch", 0, doomed.get("untouched"));
DATA_CACHE_CRASH(GetExpired, "every death inside a fetch of an expired value", 0, doomed.get("expired"));
DATA_CACHE_CRASH(Delete, "every death inside a delete", 8, doomed.remove_key("deleted"));
DATA_CACHE_CRASH(Clear, "every death inside a clear", 0, doomed.clear_cache());
DATA_CACHE_CRASH(SetSeveral, "every death inside a store of several values", 0,
                 doomed.set_multiple(Value::map({{"new", marked("new")}, {"overwritten", marked("new")}})));

constexpr const char* kLockClauses = "GU-LIV-01 GU-VAL-02 GU-RES-01 ST-LCK-11 ST-LCK-12";

class Reserve final : public DataCacheCrash {
 public:
  using DataCacheCrash::DataCacheCrash;

 private:
  void operation(RequestBuilder& doomed) override {
    doomed.lock("overwritten");
    doomed.set("overwritten", marked("new"));
    doomed.lock("deleted");
    doomed.unlock("deleted");
    doomed.lock("after");
    doomed.lock("leased", 60);
  }
  // Only the lease may have outlived its owner, and only until its end.
  void freed(RequestBuilder& request) override {
    about("ST-LCK-11");
    for (const char* key : {"overwritten", "deleted", "after"}) expect(request.lock(key), true);
    about("ST-LCK-12");
    expect(request.lock("leased"), one_of({true, false}));
    expect(request.clear_cache(), true);
    expect(request.lock("leased"), true);
    expect(request.unlock("leased"), true);
  }
};
ASSAY_CRASH_STATES(Reserve, kLockClauses, "every death inside a reservation",
                   (std::set<std::string>{"static_cache.volatile", "static_cache.locks"}), 0);

}  // namespace
