// With a restart pending nothing can be stored, so no miss waits for the lock.
#include "conformance/execution/executor.h"
#include "conformance/registry/registration.h"

using namespace assay::conformance;

namespace {

// Misses in one request, while every call of the write lock would be refused. Pending: the request has asked for a restart.
class Misses final : public Scenario {
 public:
  Misses(const Description& target, bool is_pending) : Scenario(target), pending_(is_pending) {}

 private:
  void steps() override {
    auto w = worker();
    for (int i = 0; i < 20; ++i) write("@/" + std::to_string(i) + ".php", returns(i));
    auto request = w.background("misses");
    if (pending_) expect(request.reset(), true);
    request.rendezvous("ready");
    for (int i = 0; i < 20; ++i) {
      auto reply = request.include("@/" + std::to_string(i) + ".php");
      if (pending_) expect(reply, i);
    }
    if (!pending_) request.ends("lives");
    wait_for_arrival("ready");
    // A target visits one of the two.
    for (const char* point : {"lock/write/acquire", "posix/lock/fcntl/setlkw"})
      act(ActionKind::arm,
          {{"point", point}, {"effect", "fail"}, {"error", "ENOLCK"}, {"onwards", true}, {"optional", true}});
    release("ready");
    await("misses");
    act(ActionKind::disarm, {});
  }

  const bool pending_;
};

}  // namespace

BODY_TEST("sweep", "GU-LIV-05/pending-restart", "SC-RST-10",
          "no miss asks for the write lock while a restart is pending",
          {"fault", "script_cache", "rendezvous", "workers.processes"}) {
  Executor executor(context.target, context.folder);
  const auto run = [&](bool is_pending, const char* name) {
    const Trace trace = Misses(context.target.description(), is_pending).build(name, {"GU-LIV-05"});
    return std::pair(trace, executor.run(trace));
  };
  const auto [usual_trace, usual] = run(false, "misses without their lock");
  if (usual.verdict != Verdict::pass) return result_of(usual, usual_trace);
  if (usual.evidence.faults_fired == 0)
    return test_result(Verdict::skip, "its misses ask for no lock that the suite can refuse");
  auto [trace, execution] = run(true, "misses while a restart is pending");
  if (execution.verdict == Verdict::pass && execution.evidence.faults_fired > 0) {
    execution.verdict = Verdict::fail;
    execution.reason = "a miss asked for the write lock although a restart was pending";
  }
  return result_of(execution, trace);
}
