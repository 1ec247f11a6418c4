// Resolutions that are held at one of their system calls while the world goes on: the links change, the clock steps.
#include <fmt/format.h>

#include <functional>

#include "conformance/execution/sweep.h"
#include "conformance/registry/registration.h"
#include "conformance/suite/realpath/resolving.h"

using namespace assay::conformance;
using std::chrono::seconds;

namespace {

// A worker stands in the middle of a resolution of kFile.
class Held : public Resolving {
 public:
  Held(const Description& target, std::string point, int occurrence)
      : Resolving(target), point_(std::move(point)), occurrence_(occurrence) {}

 protected:
  void hold(WorkerHandle worker) {
    act(ActionKind::arm,
        {{"point", point_}, {"effect", "pause"}, {"occurrence", occurrence_}, {"worker", worker.number()}});
  }
  void go_on() {
    act(ActionKind::unpause, {{"point", point_}});
    await("held");
    faults_are_over();
  }

 private:
  std::string point_;
  int occurrence_;
};

// The resolution that is held in the others, alone.
class Visited final : public Resolving {
 public:
  using Resolving::Resolving;

 private:
  void steps() override {
    auto [hit, other] = workers<2>();
    tree();
    warm(hit);
    fault_here();
    hit.realpath(kFile);
    faults_are_over();
  }
};

// The links are swapped meanwhile: the resolution ends in one of the releases, and what it leaves behind is gone with
// its time to live.
class Swapped final : public Held {
 public:
  using Held::Held;

 private:
  void steps() override {
    auto [hit, other] = workers<2>();
    tree();
    warm(hit);
    hold(hit);
    auto r = hit.background("held");
    expect(r.realpath(kFile), one_of({"@/r1/a/f", "@/r2/a/f"}));
    expect(r.read_file(kFile), one_of({"r1", "r2"}));
    wait_until_blocked(hit);
    swap_link("@/latest", "r2");
    expect(other.read_file(kFile), "r2");
    go_on();
    advance_clock(seconds(121 * 4));  // each level below a stale link has a time of its own (RP-TTL-06)
    for (WorkerHandle worker : {hit, other}) right_again(worker, "r2");
  }
};

// The clock steps meanwhile: the entries carry the second in which the resolution began.
class Stepped final : public Held {
 public:
  Stepped(const Description& target, std::string point, int occurrence, seconds step)
      : Held(target, std::move(point), occurrence), step_(step) {}

 private:
  void steps() override {
    auto hit = worker();
    tree();
    warm(hit);
    const std::int64_t expires = now() + 120;
    hold(hit);
    auto r = hit.background("held");
    expect(r.realpath(kFile), "@/r1/a/f");
    expect(r.realpath_listing(), all_of({at({kFile, "expires"}, expires), at({"@/current", "expires"}, expires)}));
    wait_until_blocked(hit);
    advance_clock(step_);
    go_on();
    swap_link("@/latest", "r2");
    // They are valid for as long as the clock does not pass that second, and no longer.
    expect(hit.realpath(kFile), now() > expires ? "@/r2/a/f" : "@/r1/a/f");
  }

  seconds step_;
};

const std::set<std::string> kNeeds = {"realpath_cache", "fault", "workers.processes", "scripts"};

// Builds and runs a trace for each call of the resolution at which a worker can be held.
TestResult at_each_call(TestContext& context, const std::function<Trace(const char*, int)>& held_at) {
  TestResult result;
  Executor executor(context.target, context.folder);
  const Trace probe = Visited(context.target.description()).build("probe", {});
  for (const char* point : kResolutionCalls) {
    for (int occurrence = 1; occurrence <= 6; ++occurrence) {
      // A pause that nobody comes to would be waited for in vain: a refusal shows first whether there is a visit.
      const SweptFault fault{.point = point, .effect = "fail", .error = "EIO", .worker = 0};
      const auto number = static_cast<std::uint64_t>(occurrence);
      if (executor.run(armed_with(probe, fault, number)).verdict == Verdict::inconclusive) break;
      const Trace trace = held_at(point, occurrence);
      const Execution execution = executor.run(trace);
      result.evidence += execution.evidence;
      ++result.evidence.interleavings;
      if (execution.verdict == Verdict::pass) continue;
      TestResult failure = result_of(execution, trace);
      failure.evidence = result.evidence;
      return failure;
    }
  }
  if (result.evidence.interleavings >= 4) return result;
  result.verdict = Verdict::skip;
  result.reason = "the target visits none of the points of a resolution";
  return result;
}

}  // namespace

BODY_TEST("concurrency", "RP-PATH-08/changing-links", "RP-TTL-06",
          "a resolution is right when links change between two of its system calls", kNeeds, Profile::standard) {
  return at_each_call(context, [&](const char* point, int occurrence) {
    return Swapped(context.target.description(), point, occurrence)
        .build(fmt::format("links swapped at {}, {}", point, occurrence), {"RP-PATH-08"});
  });
}

BODY_TEST("concurrency", "RP-TTL-01/stepping-clock", "RP-TTL-07",
          "a resolution is right when the clock steps between two of its system calls",
          {"realpath_cache", "fault", "workers.processes", "scripts", "clock.virtual"}, Profile::standard) {
  TestResult all;
  for (const seconds step : {seconds(120), seconds(121), seconds(-500)}) {
    TestResult result = at_each_call(context, [&](const char* point, int occurrence) {
      return Stepped(context.target.description(), point, occurrence, step)
          .build(fmt::format("the clock steps by {} s at {}, {}", step.count(), point, occurrence), {"RP-TTL-01"});
    });
    result.evidence += all.evidence;
    all = std::move(result);
    if (all.verdict != Verdict::pass) break;
  }
  return all;
}
