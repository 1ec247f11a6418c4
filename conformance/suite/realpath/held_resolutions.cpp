// Resolutions that are held at one of their system calls while the world goes on: the links change, the clock steps.
#include <fmt/format.h>

#include "conformance/exploration/campaign.h"
#include "conformance/exploration/fault_at_visit.h"
#include "conformance/exploration/paused_visits.h"
#include "conformance/registry/registration.h"
#include "conformance/suite/realpath/resolving.h"

using namespace assay::conformance;
using std::chrono::seconds;

namespace {

// A worker stands in the middle of a resolution of kFile.
class Held : public Resolving {
 public:
  Held(const Description& target, PointVisit at) : Resolving(target), at_(std::move(at)) {}

 protected:
  void hold(WorkerHandle worker) {
    act(ActionKind::arm, {{"point", at_.point},
                          {"effect", "pause"},
                          {"occurrence", static_cast<std::int64_t>(at_.visit)},
                          {"worker", worker.number()}});
  }
  void go_on() {
    act(ActionKind::unpause, {{"point", at_.point}});
    await("held");
    faults_are_over();
  }

 private:
  PointVisit at_;
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
  Stepped(const Description& target, PointVisit at, seconds step) : Held(target, std::move(at)), step_(step) {}

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

const std::set<std::string> kHeldResolutions = {"realpath_cache", "fault", "workers.processes", "scripts"};

// The traces for each call of the resolution at which a worker can be held.
PausedVisits at_each_call(const Description& target, PausedVisits::MakeTrace paused) {
  const auto refused = [probe = Visited(target).build("probe", {})](const PointVisit& at) {
    return armed_with(probe, {.point = at.point, .effect = "fail", .error = "EIO", .worker = 0}, at.visit);
  };
  return PausedVisits({std::begin(kResolutionCalls), std::end(kResolutionCalls)}, 6, refused, std::move(paused));
}

}  // namespace

BODY_TEST("concurrency", "RP-PATH-08/changing-links", "RP-TTL-06",
          "a resolution is right when links change between two of its system calls", kHeldResolutions,
          Profile::standard) {
  const Description& target = context.target.description();
  return Campaign(context.target, context.folder, {.least = 4}).run(at_each_call(target, [&](const PointVisit& at) {
    return Swapped(target, at).build(fmt::format("links swapped at {}, {}", at.point, at.visit), {"RP-PATH-08"});
  }));
}

BODY_TEST("concurrency", "RP-TTL-01/stepping-clock", "RP-TTL-07",
          "a resolution is right when the clock steps between two of its system calls",
          {"realpath_cache", "fault", "workers.processes", "scripts", "clock.virtual"}, Profile::standard) {
  const Description& target = context.target.description();
  TestResult all;
  for (const seconds step : {seconds(120), seconds(121), seconds(-500)}) {
    const auto stepped = [&](const PointVisit& at) {
      return Stepped(target, at, step)
          .build(fmt::format("the clock steps by {} s at {}, {}", step.count(), at.point, at.visit), {"RP-TTL-01"});
    };
    TestResult result = Campaign(context.target, context.folder, {.least = 4}).run(at_each_call(target, stepped));
    result.evidence += all.evidence;
    all = std::move(result);
    if (all.verdict != Verdict::pass) break;
  }
  return all;
}
