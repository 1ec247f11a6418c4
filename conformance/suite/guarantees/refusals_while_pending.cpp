// With a restart pending nothing can be stored, so no miss waits for the lock.
#include "conformance/execution/executor.h"
#include "conformance/registry/registration.h"

using namespace assay::conformance;

namespace {

// Misses in the request that has asked for the restart, while every call of the write lock would be refused.
class MissesWhilePending final : public Scenario {
 public:
  using Scenario::Scenario;

 private:
  void steps() override {
    auto w = worker();
    for (int i = 0; i < 20; ++i) write("@/" + std::to_string(i) + ".php", returns(i));
    auto before = w.background("pending");
    expect(before.reset(), true);
    before.rendezvous("reset");
    for (int i = 0; i < 20; ++i) expect(before.include("@/" + std::to_string(i) + ".php"), i);
    wait_for_arrival("reset");
    act(ActionKind::arm, {{"point", "lock/write/acquire"}, {"effect", "fail"}, {"error", "ENOLCK"}, {"onwards", true}});
    release("reset");
    await("pending");
    act(ActionKind::disarm, {});
  }
};

}  // namespace

BODY_TEST("sweep", "GU-LIV-05/pending-restart", "SC-RST-10",
          "no miss asks for the write lock while a restart is pending",
          {"fault", "script_cache", "rendezvous", "workers.processes"}) {
  Executor executor(context.target, context.folder);
  const Trace trace =
      MissesWhilePending(context.target.description()).build("misses while a restart is pending", {"GU-LIV-05"});
  Execution execution = executor.run(trace);
  // What is wanted is that the armed fault had no occasion to fire.
  if (execution.verdict == Verdict::inconclusive) {
    TestResult result;
    result.evidence = execution.evidence;
    return result;
  }
  if (execution.verdict == Verdict::pass) {
    execution.verdict = Verdict::fail;
    execution.reason = "a miss asked for the write lock although a restart was pending";
  }
  return result_of(execution, trace);
}
