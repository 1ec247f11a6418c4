// Resolutions that are refused and killed on their way: right answers or failures, never wrong ones, and
// nothing wrong that outlives the entries.
#include "conformance/exploration/campaign.h"
#include "conformance/exploration/sweep.h"
#include "conformance/registry/registration.h"
#include "conformance/suite/realpath/resolving.h"

using namespace assay::conformance;

namespace {

// The fault hits one of three operations, each of which resolves afresh.
class Refused final : public Resolving {
 public:
  using Resolving::Resolving;

 private:
  void steps() override {
    auto [hit, other] = workers<2>();
    tree();
    warm(hit);
    warm(other);
    fault_here();
    auto r = hit.request();
    expect(r.realpath(kFile), true_or_missing("r1"));
    expect(r.read_file("@/latest/a/f"), one_of({"r1", false}));
    expect(r.include("@/latest/s.php"), one_of({"r1", false}));
    faults_are_over();
    right_again(other, "r1");
    right_again(hit, "r1");
  }
};

class Killed final : public Resolving {
 public:
  using Resolving::Resolving;

 private:
  void steps() override {
    auto [hit, other] = workers<2>();
    tree();
    warm(hit);
    warm(other);
    fault_here();
    auto r = hit.request();
    r.ends("any");
    r.realpath(kFile);
    r.read_file("@/latest/a/f");
    r.include("@/latest/s.php");
    faults_are_over();
    right_again(other, "r1");
    right_again(hit, "r1");
    expect(hit.include("@/latest/s.php"), "r1");
  }
};

const std::set<std::string> kNeeds = {"realpath_cache", "fault", "workers.processes", "scripts"};

}  // namespace

BODY_TEST("sweep", "RP-ENT-13/refused-call", "RP-PATH-14 GU-LIV-01",
          "a call refused at any opportunity makes no resolution wrong", kNeeds) {
  Sweep sweep(40);
  const Trace pattern = Refused(context.target.description()).build("a call of a resolution is refused", {"RP-ENT-13"});
  std::vector<std::string> errors = {"EIO"};
  if (context.profile != Profile::quick) errors = {"EIO", "ENOENT", "EACCES", "ELOOP", "ENAMETOOLONG"};
  for (const char* point : kResolutionCalls) {
    for (const std::string& error : errors) {
      sweep.add(pattern, {.point = point, .effect = "fail", .error = error, .worker = 0});
    }
  }
  return Campaign(context.target, context.folder, {.least = 8}).run(sweep);
}

BODY_TEST("sweep", "RP-SIZE-03/full-refused-call", "GU-LIV-01", "a full cache resolves right, whatever call is refused",
          kNeeds, Profile::standard) {
  Sweep sweep(40);
  const Description& target = context.target.description();
  const Trace full = Refused(target, kLittleRoom).build("a call of a resolution is refused, the cache is full", {});
  for (const char* point : kResolutionCalls) {
    sweep.add(full, {.point = point, .effect = "fail", .error = "EIO", .worker = 0});
  }
  const Trace pattern = Refused(target).build("an entry of the realpath cache gets no memory", {});
  sweep.add(pattern, {.point = "realpath/allocate", .effect = "fail", .error = "ENOMEM", .worker = 0});
  return Campaign(context.target, context.folder, {.least = 8}).run(sweep);
}

BODY_TEST("kill", "RP-LIFE-03/killed-resolution", "GU-LIV-01",
          "a worker killed while it resolves leaves nothing wrong behind",
          {"realpath_cache", "fault.kill", "workers.processes", "scripts"}) {
  Sweep sweep(context.profile == Profile::quick ? 6 : 40);
  std::vector<const char*> points = {"realpath/insert"};
  points.insert(points.end(), std::begin(kResolutionCalls), std::end(kResolutionCalls));
  for (const char* limit : {static_cast<const char*>(nullptr), kLittleRoom}) {
    if (limit && context.profile == Profile::quick) break;
    const Trace pattern =
        Killed(context.target.description(), limit).build("a worker is killed while it resolves", {"RP-LIFE-03"});
    for (const char* point : points) {
      sweep.add(pattern, {.point = point, .effect = "kill", .error = "", .worker = 0});
    }
  }
  return Campaign(context.target, context.folder, {.least = 6}).run(sweep);
}
