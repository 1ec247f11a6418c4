// Every crash state of every operation of the data cache.
#include <fmt/format.h>

#include "conformance/suite/guarantees/crash_states.h"

using namespace assay::conformance;
using std::chrono::seconds;

namespace {

constexpr const char* data_clauses = "GU-VAL-01 GU-VAL-02 GU-VAL-03 GU-RES-01 ST-PRC-02 ST-PRC-05";

Value marked_map(const std::string& mark) {
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
    ini("opcache.memory_consumption", "16");  // little other memory than the one under test
    auto [victim, one, two] = workers<3>();
    for (const char* key : {"overwritten", "deleted", "untouched"}) expect(one.set(key, marked_map("old")), true);
    expect(one.set("expired", marked_map("old"), 5), true);
    // It has served before: what is followed is the operation and not the beginning of a worker.
    expect(victim.get("untouched"), marked_map("old"));
    expect(two.get("untouched"), marked_map("old"));
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
    const Value old_value = marked_map("old"), new_value = marked_map("new"), nothing = "none";
    about("GU-VAL-02");
    expect(r.get("overwritten", nothing), one_of({old_value, new_value, nothing}));
    expect(r.get("new", nothing), one_of({new_value, nothing}));
    expect(r.get("deleted", nothing), one_of({old_value, nothing}));
    expect(r.get("untouched", nothing), one_of({old_value, nothing}));
    expect(r.get("expired", nothing), one_of({new_value, nothing}));
    about("GU-VAL-03");
    expect(r.set("after", marked_map("after")), true);
    expect(r.get("after"), marked_map("after"));
    expect(r.remove_key("after"), true);
    expect(r.get("after", nothing), nothing);
    expect(r.set("overwritten", marked_map("new")), true);
    expect(r.get("overwritten"), marked_map("new"));
  }
};

class OneOperation final : public DataCacheCrash {
 public:
  using Operation = std::function<void(RequestBuilder&)>;
  OneOperation(const Description& target, Operation operation)
      : DataCacheCrash(target), operation_(std::move(operation)) {}

 private:
  void operation(RequestBuilder& doomed) override { operation_(doomed); }

  Operation operation_;
};

TestCase crash_in(const char* id, const char* title, std::size_t quick, OneOperation::Operation operation,
                  const char* feature = "static_cache.volatile", int line = __builtin_LINE()) {
  return crash_test<OneOperation>(id, data_clauses, title, {"static_cache.volatile", feature}, quick,
                                  with(std::move(operation)), __FILE__, line);
}

[[maybe_unused]] const bool crash_states_static_registered = register_tests({
    crash_in("GU-LIV-01/crash-set-new", "crash after each memory write while storing under a new key", 8,
             [](RequestBuilder& doomed) { doomed.set("new", marked_map("new")); }),
    crash_in("GU-LIV-01/crash-set-overwrite", "crash after each memory write while replacing a value", 0,
             [](RequestBuilder& doomed) { doomed.set("overwritten", marked_map("new")); }),
    crash_in("GU-LIV-01/crash-set-expired", "crash after each memory write while replacing an expired value", 0,
             [](RequestBuilder& doomed) { doomed.set("expired", marked_map("new")); }),
    crash_in("GU-LIV-01/crash-get", "crash after each memory write of a fetch", 0,
             [](RequestBuilder& doomed) { doomed.get("untouched"); }),
    crash_in("GU-LIV-01/crash-get-expired", "crash after each memory write while fetching an expired value", 0,
             [](RequestBuilder& doomed) { doomed.get("expired"); }),
    crash_in("GU-LIV-01/crash-delete", "crash after each memory write of a delete", 8,
             [](RequestBuilder& doomed) { doomed.remove_key("deleted"); }),
    crash_in("GU-LIV-01/crash-clear", "crash after each memory write of a clear", 0,
             [](RequestBuilder& doomed) { doomed.clear_cache(); }),
    crash_in(
        "GU-LIV-01/crash-add", "crash after each memory write of an add", 0,
        [](RequestBuilder& doomed) { doomed.add("new", marked_map("new")); }, "static_cache.add"),
    crash_in(
        "GU-LIV-01/crash-remember", "crash after each memory write while a value is computed", 0,
        [](RequestBuilder& doomed) { doomed.remember("new", marked_map("new")); }, "static_cache.remember"),
    crash_in("GU-LIV-01/crash-set-several", "crash after each memory write while storing several values", 0,
             [](RequestBuilder& doomed) {
               doomed.set_multiple(Value::map({{"new", marked_map("new")}, {"overwritten", marked_map("new")}}));
             }),
});

constexpr const char* lock_clauses = "GU-VAL-02 GU-RES-01 ST-LCK-11 ST-LCK-12";

class Reserve final : public DataCacheCrash {
 public:
  using DataCacheCrash::DataCacheCrash;

 private:
  void operation(RequestBuilder& doomed) override {
    doomed.lock("overwritten");
    doomed.set("overwritten", marked_map("new"));
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
    expect(request.lock("leased"), of_type("bool"));
    expect(request.clear_cache(), true);
    expect(request.lock("leased"), true);
    expect(request.unlock("leased"), true);
  }
};
[[maybe_unused]] const bool reserve_registered = register_test(
    crash_test<Reserve>("GU-LIV-01/crash-reserve", lock_clauses, "crash after each memory write while reserving keys",
                        {"static_cache.volatile", "static_cache.locks"}, 0));

// Elements of one call, of which the survivors find those up to some place.
class SeveralInOrder final : public Scenario {
 public:
  using Scenario::Scenario;

 private:
  static Value stored(int count) {
    Elements elements;
    for (const char* key : {"a", "b", "c", "d"}) elements.emplace_back(key, marked_map(count-- > 0 ? "new" : "old"));
    return elements;
  }
  // A target that empties its cache after a death may also do that.
  Matcher up_to_a_place() {
    std::vector<Value> allowed;
    for (int count = 0; count <= 4; ++count) allowed.push_back(stored(count));
    if (choice("dead-owner", "kept") == "emptied")
      allowed.push_back(Value::map({{"a", {}}, {"b", {}}, {"c", {}}, {"d", {}}}));
    return one_of(std::move(allowed));
  }
  void steps() override {
    ini("opcache.static_cache.volatile_size_mb", "1");
    ini("opcache.memory_consumption", "16");  // little other memory than the one under test
    auto [victim, one, two] = workers<3>();
    expect(one.set_multiple(stored(0)), true);
    // It has served before: what is followed is the operation and not the beginning of a worker.
    expect(victim.get("a"), marked_map("old"));
    expect(two.get("a"), marked_map("old"));
    act(ActionKind::explore_crash, {{"worker", victim.number()}});
    auto doomed = victim.request();
    doomed.ends("any");
    doomed.set_multiple(stored(4));
    for (WorkerHandle survivor : {one, two, victim}) {
      auto request = survivor.request();
      request.within(seconds(1));
      about("ST-PRC-03");
      expect(request.get_multiple({"a", "b", "c", "d"}), up_to_a_place());
    }
    expect(two.set_multiple(stored(4)), true);
    expect(victim.get_multiple({"a", "b", "c", "d"}), stored(4));
  }
};
[[maybe_unused]] const bool several_registered = register_test(crash_test<SeveralInOrder>(
    "ST-PRC-03/prefix", "ST-PRC-02 ST-SET-08 GU-VAL-02",
    "crash after each memory write of a call leaves the elements up to a place", {"static_cache.volatile"}, 8));

}  // namespace
