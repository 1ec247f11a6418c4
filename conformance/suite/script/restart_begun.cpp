// SC-RST-12: a request that registers as a user while another worker has begun to restart.
#include "conformance/exploration/campaign.h"
#include "conformance/exploration/trace_list.h"
#include "conformance/registry/registration.h"
#include "conformance/suite/guarantees/recovering.h"

using namespace assay::conformance;

namespace {

// Where a worker is just before it registers, and where one is that has found no user and changes the cache next.
struct Places {
  const char* registers;
  const char* restarts;
};
// Of an implementation with points, and of a stock program: its first attempts to lock something without waiting.
constexpr Places kPlaces[] = {{"lock/usage/acquire", "restart/start"},
                              {"posix/lock/fcntl/setlk", "posix/lock/fcntl/setlk"}};

class RegisteringLate final : public Scenario {
 public:
  RegisteringLate(const Description& target, const Places& places) : Scenario(target), places_(places) {}

 private:
  void steps() override {
    auto [late, restarter, other] = workers<3>();
    write("@/lib/leaf.php", returns("leaf"));
    for (const char* name : {"next", "last"}) write(std::string("@/") + name + ".php", returns(marked(name)));
    expect(other.include("@/lib/leaf.php"), "leaf");
    hold(late, places_.registers);
    hold(restarter, places_.restarts);
    // A second spelling: the script is found, and then the write lock is waited for to add a key.
    act(ActionKind::arm, {{"point", "posix/lock/fcntl/blocked"},
                          {"effect", "pause"},
                          {"onwards", true},
                          {"worker", late.number()},
                          {"optional", true}});
    expect(late.background("late").include("@/lib/../lib/leaf.php"), "leaf");
    wait_until_blocked(late);
    expect(other.reset(), true);
    auto restarting = restarter.background("restarting");
    for (const char* name : {"next", "last"})
      expect(restarting.include(std::string("@/") + name + ".php"), marked(name));
    wait_until_blocked(restarter);
    act(ActionKind::unpause, {{"point", "*"}, {"worker", late.number()}});
    wait_until_blocked(late);
    act(ActionKind::disarm, {});
    await("late");
    await("restarting");
    for (WorkerHandle worker : {late, restarter, other}) {
      expect(worker.include("@/lib/../lib/leaf.php"), "leaf");
      expect(worker.include("@/next.php"), marked("next"));
    }
  }

  void hold(WorkerHandle worker, const char* point) {
    act(ActionKind::arm, {{"point", point}, {"effect", "pause"}, {"worker", worker.number()}});
  }

  Places places_;
};

const std::set<std::string> kNeeds = {"fault", "script_cache", "workers.processes"};

}  // namespace

BODY_TEST("schedule", "GU-VAL-01/register-during-restart", "SC-RST-12",
          "a request that registers during a restart runs the script it asked for", kNeeds) {
  std::vector<Trace> traces;  // one of them exists
  for (const Places& places : kPlaces) {
    traces.push_back(RegisteringLate(context.target.description(), places)
                         .build("a request registers while a restart has begun", {"GU-VAL-01", "SC-RST-12"}));
  }
  return Campaign(context.target, context.folder).run(TraceList(std::move(traces)));
}
