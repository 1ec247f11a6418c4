// Every crash state of counting on a backend.
#include "conformance/suite/guarantees/crash_states.h"
#include "conformance/suite/static/pinned.h"

using namespace assay::conformance;
using std::chrono::seconds;

namespace {

constexpr const char* counting_clauses = "GU-VAL-02 GU-VAL-03 GU-RES-01 ST-PRC-06";

// A counter that was there before and one that was not; then a step of worker 0; then what the others and its successor
// find: the number before or after the step, no waiting, and counts that are true.
class CountingCrash final : public Scenario {
 public:
  using Operation = void (*)(BackendOf<RequestBuilder>);
  CountingCrash(const Description& target, const char* backend, Operation operation)
      : Scenario(target), backend_(backend), operation_(operation) {}

 private:
  void steps() override {
    ini("opcache.static_cache." + backend_ + "_size_mb", "8");
    ini("opcache.memory_consumption", "16");  // little other memory than the one under test
    auto [victim, one, two] = workers<3>();
    expect(on(one).set("n", 500), true);
    expect(on(one).set("text", "no number"), true);
    expect(on(one).set("untouched", Value::list({1, "untouched"})), true);
    // It has served before: what is followed is the operation and not the beginning of a worker.
    expect(on(victim).get("n"), 500);
    expect(on(two).get("n"), 500);
    act(ActionKind::explore_crash, {{"worker", victim.number()}});
    auto doomed = victim.request();
    doomed.ends("any");
    operation_(on(doomed));
    for (const WorkerHandle& survivor : {one, two, victim}) survive(survivor);
    auto counted = two.request();
    counted.within(seconds(1));
    about("GU-RES-01");
    expect(on(counted).remove_keys({"n", "new", "text", "untouched", "after"}), true);
    expect(on(counted).cache_info(), at({"entry_count"}, 0));
  }

  template <class Asker>
  BackendOf<Asker> on(Asker asker) const {
    return BackendOf<Asker>(asker, backend_);
  }

  void survive(WorkerHandle worker) {
    auto request = worker.request();
    request.within(seconds(1));
    auto cache = on(request);
    about(backend_ == "pinned" ? "ST-PRC-06" : "ST-EXT-03");
    expect(cache.get("n"), one_of({500, 503, 493}));
    expect(cache.get("new", "none"), one_of({7, "none"}));
    expect(cache.get("text"), one_of({"no number", 9}));
    expect(cache.get("untouched"), Value::list({1, "untouched"}));
    about("GU-VAL-03");
    expect(cache.set("after", 1), true);
    expect(cache.increment("after", 2), 3);
    expect(cache.remove_key("after"), true);
    expect(cache.increment("after", 5), 5);
    expect(cache.remove_key("after"), true);
  }

  std::string backend_;
  Operation operation_;
};

TestCase crash_in(const char* id, const char* title, std::size_t quick, CountingCrash::Operation operation,
                  int line = __builtin_LINE()) {
  return crash_test<CountingCrash>(id, counting_clauses, title, {"static_cache.pinned"}, quick,
                                   with("pinned", operation), __FILE__, line);
}

// Where the volatile backend counts.
TestCase volatile_crash_in(const char* id, const char* title, std::size_t quick, CountingCrash::Operation operation,
                           int line = __builtin_LINE()) {
  return crash_test<CountingCrash>(id, "GU-VAL-02 GU-VAL-03 GU-RES-01 ST-EXT-03", title,
                                   {"static_cache.volatile", "static_cache.counters"}, quick,
                                   with("volatile", operation), __FILE__, line);
}

[[maybe_unused]] const bool crash_states_counters_registered = register_tests({
    crash_in("GU-LIV-01/crash-increment", "crash after each memory write of an increment", 8,
             [](BackendOf<RequestBuilder> doomed) { doomed.increment("n", 3); }),
    crash_in("GU-LIV-01/crash-decrement", "crash after each memory write of a decrement", 0,
             [](BackendOf<RequestBuilder> doomed) { doomed.decrement("n", 7); }),
    crash_in("GU-LIV-01/crash-increment-new", "crash after each memory write while a counter is created", 0,
             [](BackendOf<RequestBuilder> doomed) { doomed.increment("new", 7); }),
    crash_in("GU-LIV-01/crash-increment-text", "crash after each memory write of an increment that is refused", 0,
             [](BackendOf<RequestBuilder> doomed) { doomed.increment("text"); }),
    crash_in("GU-LIV-01/crash-replace-text", "crash after each memory write while a counter replaces a text", 0,
             [](BackendOf<RequestBuilder> doomed) { doomed.set("text", 9); }),
    volatile_crash_in("GU-LIV-01/crash-volatile-increment", "crash after each memory write of a volatile increment", 0,
                      [](BackendOf<RequestBuilder> doomed) { doomed.increment("n", 3); }),
    volatile_crash_in("GU-LIV-01/crash-volatile-increment-new",
                      "crash after each memory write while a volatile counter is created", 8,
                      [](BackendOf<RequestBuilder> doomed) { doomed.increment("new", 7); }),
});

}  // namespace
