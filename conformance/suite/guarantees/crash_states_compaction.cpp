// Crash states of a store that moves other entries to get room in one piece.
#include "conformance/suite/guarantees/crash_states.h"
#include "conformance/suite/guarantees/fragmented.h"

using namespace assay::conformance;
using namespace assay::conformance::fragmented;
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
    fragmented::fill(one, [this](ReplyRef reply, Matcher matcher) { expect(reply, std::move(matcher)); });
    for (WorkerHandle worker : {victim, two}) expect(worker.get(kept(0)), kept_value(0));
    act(ActionKind::explore_crash, {{"worker", victim.number()}});
    auto doomed = victim.request();
    doomed.ends("any");
    doomed.set("new", new_value('n'));
    for (WorkerHandle survivor : {one, two, victim}) survive(survivor);
  }

  void survive(WorkerHandle worker) {
    auto r = worker.request();
    r.within(seconds(1));
    about("ST-FUL-02");
    for (int i = 0; i < kKept; ++i) expect(r.get(kept(i), not_there), kept_value(i));
    expect(r.get(kFiller, not_there), has_length(kFillerLength));
    about("GU-VAL-02");
    expect(r.get("new", not_there), one_of({new_value('n'), not_there}));
    // No memory is lost: there is room for it still.
    about("GU-RES-01");
    expect(r.set("new", new_value('n')), true);
    expect(r.get("new", not_there), new_value('n'));
    expect(r.remove_key("new"), true);
  }
};

[[maybe_unused]] const bool compaction_registered = register_tests({
    crash_test<CompactionCrash>("GU-LIV-01/crash-compact", "GU-VAL-02 GU-RES-01 ST-FUL-02 ST-PRC-02",
                                "crash after each memory write of a store that moves other entries",
                                {"static_cache.volatile"}, 8),
});

}  // namespace
