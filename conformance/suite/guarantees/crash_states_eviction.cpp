// Crash states of a store that has other entries go.
#include "conformance/adapter/eviction_choice.h"
#include "conformance/suite/guarantees/crash_states.h"
#include "conformance/suite/guarantees/recovering.h"

using namespace assay::conformance;
using std::chrono::seconds;

namespace {

const Value absent = "absent";

// All slots are in use; then worker 0 dies while it stores one more.
class EvictionCrash final : public Scenario {
 public:
  EvictionCrash(const Description& target, const char* choice) : Scenario(target), choice_(choice) {}

 private:
  void steps() override {
    ini("opcache.static_cache.volatile_size_mb", "8");
    ini("opcache.memory_consumption", "16");
    ini(kEvictionChoice, choice_);
    auto [victim, one, two] = workers<3>();
    const std::int64_t capacity = std::stoll(choice("capacity", "32767"));
    expect(one.set_multiple(numbered(capacity)), true);
    expect(victim.get("n1"), 1);
    expect(two.get("n1"), 1);
    act(ActionKind::explore_crash, {{"worker", victim.number()}});
    auto doomed = victim.request();
    doomed.ends("any");
    doomed.set("new", marked("new"));
    for (WorkerHandle survivor : {one, two, victim}) survive(survivor);
    about("GU-RES-01");
    if (choice_ == "lru" && choice("lru-order", "near") == "exact")
      finds_room_that_was_given_back(two);
    else
      can_be_filled_again(one, two, capacity);
  }

  // A slot that was lost would cost n3 its place: n0 and n2 are the only victims so far, and "after" has left one free.
  void finds_room_that_was_given_back(WorkerHandle worker) {
    expect(worker.set("extra", marked("extra")), true);
    expect(worker.get("n3", absent), 3);
  }

  void can_be_filled_again(WorkerHandle one, WorkerHandle two, std::int64_t capacity) {
    expect(two.clear_cache(), true);
    expect(two.set_multiple(numbered(capacity)), true);
    expect(one.cache_info(), at({"entry_count"}, capacity));
  }

  void survive(WorkerHandle worker) {
    auto r = worker.request();
    r.within(seconds(1));
    about("GU-VAL-02");
    expect(r.get("new", absent), one_of({marked("new"), absent}));
    expect(r.get("n0", absent), one_of({0, absent}));
    // What was used last is no victim, whoever dies.
    about("ST-FUL-04");
    expect(r.get("n1", absent), choice_ == "lru" ? equals(1) : one_of({1, absent}));
    about("GU-VAL-03");
    expect(r.set("after", marked("after")), true);
    expect(r.get("after"), marked("after"));
    expect(r.remove_key("after"), true);
    expect(r.get("after", absent), absent);
  }

  static Value numbered(std::int64_t count) {
    Elements elements;
    for (std::int64_t i = 0; i < count; ++i) elements.emplace_back("n" + std::to_string(i), i);
    return elements;
  }

  std::string choice_;
};

constexpr const char* more_clauses = "GU-VAL-02 GU-VAL-03 GU-RES-01 ST-FUL-04 ST-PRC-02";
const std::set<std::string> features = {"static_cache.eviction"};

// A wipe empties each slot, one store each: of so many states that are alike some are enough, in the thorough profile.
// Those of its beginning and end are states of a clear, too.
constexpr std::size_t some = 12;
TestCase crash_in_a_wipe() {
  TestCase test = crash_test<EvictionCrash>("GU-LIV-01/crash-wipe", more_clauses, "crash after memory writes of a wipe",
                                            features, 0, with("wipe"), __builtin_FILE(), __builtin_LINE(), some);
  test.profile = Profile::thorough;
  return test;
}

[[maybe_unused]] const bool registered = register_tests({
    crash_test<EvictionCrash>("GU-LIV-01/crash-evict", more_clauses, "crash after each memory write of an eviction",
                              features, 4, with("lru")),
    crash_in_a_wipe(),
});

}  // namespace
