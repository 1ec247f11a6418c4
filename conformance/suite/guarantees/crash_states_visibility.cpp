// SC-PER-07, SC-RST-19: what others see of a worker that died while it stored a script, or restarted the cache.
#include "conformance/suite/guarantees/crash_states.h"
#include "conformance/vocabulary/status_paths.h"

using namespace assay::conformance;
using std::chrono::seconds;

namespace {

RequestBuilder bounded(WorkerHandle worker) {
  auto r = worker.request();
  r.within(seconds(1));
  return r;
}

// One new script, which is either listed and whole or not there at all; the next user stores it then.
class Publication final : public Scenario {
 public:
  using Scenario::Scenario;

 private:
  void steps() override {
    ini("opcache.memory_consumption", "8");
    ini("opcache.interned_strings_buffer", "0");  // no other memory than the script's own block
    ini("opcache.static_cache.volatile_size_mb", "0");
    auto [victim, one, two] = workers<3>();
    write("@/old.php", returns("old"));
    write("@/new.php",
          php("function grown($n) { static $calls = 0; return [$n, ++$calls, 'whole']; } return grown(7);"));
    for (WorkerHandle worker : {one, two, victim}) expect(worker.include("@/old.php"), "old");
    const ReplyRef before = one.status();
    act(ActionKind::explore_crash, {{"worker", victim.number()}});
    auto doomed = victim.request();
    doomed.ends("any");
    doomed.include("@/new.php");

    const Value whole = Value::list({7, 1, "whole"});
    auto seen = bounded(one);
    expect(seen.status(),
           all_of({any_of({same_as(before, status_path::scripts), grew(status_path::scripts, 1, before)}),
                   any_of({same_as(before, status_path::keys), grew(status_path::keys, 1, before)})}));
    for (WorkerHandle worker : {one, two, victim}) {
      auto r = bounded(worker);
      expect(r.include("@/new.php"), whole);
      expect(r.is_cached("@/new.php"), true);
      expect(r.status(), all_of({grew(status_path::scripts, 1, before), grew(status_path::keys, 1, before)}));
    }
  }
};

// The restart is over, has not begun, or is in progress for good: then nobody uses the cache, and all results are right.
class InProgress final : public Scenario {
 public:
  using Scenario::Scenario;

 private:
  void steps() override {
    ini("opcache.memory_consumption", "8");
    ini("opcache.interned_strings_buffer", "1");
    ini("opcache.static_cache.volatile_size_mb", "0");
    auto [victim, one, two] = workers<3>();
    write("@/old.php", returns("old"));
    write("@/new.php", returns("new"));
    for (WorkerHandle worker : {one, two, victim}) expect(worker.include("@/old.php"), "old");
    expect(one.reset(), true);
    act(ActionKind::explore_crash, {{"worker", victim.number()}});
    auto doomed = victim.request();
    doomed.ends("any");
    doomed.include("@/new.php");

    const Matcher usable = all_of({at(status_path::enabled, true), at(status_path::in_progress, false)});
    const Matcher waiting = all_of({at(status_path::enabled, false), at(status_path::in_progress, false)});
    const Matcher in_progress =
        all_of({at(status_path::enabled, false), at(status_path::in_progress, true), lacks({"scripts"})});
    for (WorkerHandle worker : {one, two, victim, one}) {
      auto r = bounded(worker);
      expect(r.status(), any_of({usable, waiting, in_progress}));
      expect(r.include("@/old.php"), "old");
      expect(r.include("@/new.php"), "new");
    }
  }
};

[[maybe_unused]] const bool crash_states_visibility_registered = register_tests({
    crash_test<Publication>("SC-PER-07/crash-while-storing", "GU-VAL-02",
                            "a worker that dies while it stores leaves a whole entry or none", {"script_cache"}, 8),
    crash_test<InProgress>("SC-RST-19/crash-in-restart", "SC-RST-20",
                           "a worker that dies while it restarts leaves right results, and says what it left",
                           {"script_cache"}, 8),
});

}  // namespace
