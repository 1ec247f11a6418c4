// Crash states of a store that moves other entries to get room in one piece.
#include "conformance/suite/guarantees/crash_states.h"
#include "conformance/suite/guarantees/recovering.h"

using namespace assay::conformance;
using std::chrono::seconds;

namespace {

const Value not_there = "absent";

// The backend is full but for three small holes, with entries between them that are larger; then worker 0 dies while it
// stores what needs two of the holes.
class CompactionCrash final : public Scenario {
 public:
  using Scenario::Scenario;

 private:
  void steps() override {
    ini("opcache.static_cache.volatile_size_mb", "8");
    ini("opcache.memory_consumption", "16");
    if (choice("compaction", "yes") != "yes") not_asked("it declares compaction=no: nothing is moved");
    auto [victim, one, two] = workers<3>();
    for (int i = 0; i < 3; ++i) {
      expect(one.set("hole" + std::to_string(i), std::string(100, 'h')), true);
      expect(one.set(kept(i), kept_value(i)), true);
    }
    fill(one);
    for (int i = 0; i < 3; ++i) expect(one.remove_key("hole" + std::to_string(i)), true);
    for (WorkerHandle worker : {victim, two}) expect(worker.get(kept(0)), kept_value(0));
    act(ActionKind::explore_crash, {{"worker", victim.number()}});
    auto doomed = victim.request();
    doomed.ends("any");
    doomed.set("new", value());
    for (WorkerHandle survivor : {one, two, victim}) survive(survivor);
  }

  // Ever smaller ones, more of each than there is room for after the larger ones.
  void fill(WorkerHandle worker) {
    for (const std::size_t size : {1'000'000, 100'000, 10'000, 1'000, 100, 1}) {
      for (int i = 0; i < 12; ++i) {
        const std::string key = "fill " + std::to_string(size) + " " + std::to_string(i);
        expect(worker.set(key, std::string(size, 'f')), of_type("bool"));
      }
    }
  }

  void survive(WorkerHandle worker) {
    auto r = worker.request();
    r.within(seconds(1));
    about("ST-FUL-02");
    for (int i = 0; i < 3; ++i) expect(r.get(kept(i), not_there), kept_value(i));
    expect(r.get("fill 1000000 0", not_there), has_length(1'000'000));
    about("GU-VAL-02");
    expect(r.get("new", not_there), one_of({value(), not_there}));
    // No memory is lost: there is room for it still.
    about("GU-RES-01");
    expect(r.set("new", value()), true);
    expect(r.get("new", not_there), value());
    expect(r.remove_key("new"), true);
  }

  static std::string kept(int i) { return "kept" + std::to_string(i); }
  static Value kept_value(int i) { return std::string(300, static_cast<char>('a' + i)); }
  static Value value() { return "new " + std::string(250, 'n'); }
};

[[maybe_unused]] const bool compaction_registered = register_tests({
    crash_test<CompactionCrash>("GU-LIV-01/crash-compact", "GU-VAL-02 GU-RES-01 ST-FUL-02 ST-PRC-02",
                                "crash after each memory write of a store that moves other entries",
                                {"static_cache.volatile"}, 8),
});

}  // namespace
