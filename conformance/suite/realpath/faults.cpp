// Resolutions that are refused, held up and killed on their way: right answers or failures, never wrong ones, and
// nothing wrong that outlives the entries.
#include <fmt/format.h>

#include "conformance/execution/sweep.h"
#include "conformance/registry/test_case.h"

using namespace assay::conformance;
using std::chrono::seconds;

namespace {

// Two releases behind links, an absolute and a relative one in a chain.
class Resolving : public Scenario {
 public:
  using Scenario::Scenario;

 protected:
  static constexpr const char* kFile = "@/current/a/f";
  static constexpr const char* kScript = "@/current/s.php";

  void tree() {
    for (const char* release : {"r1", "r2"}) {
      write(std::string("@/") + release + "/a/f", release);
      write(std::string("@/") + release + "/s.php", returns(release));
    }
    make_link("@/latest", "r1");
    make_link("@/current", "@/latest");
  }
  void warm(WorkerHandle worker) { worker.realpath("@"); }
  void fault_here() { act(ActionKind::arm, {{"point", "*"}, {"effect", "count"}}); }
  void faults_are_over() { act(ActionKind::disarm, {}); }

  // What any resolution of the tree may say: the release asked for, or that there is nothing. A name on the way that
  // could not be looked at may stay as it is in the answer, which is then another name of the same file (RP-PATH-14).
  static Matcher true_or_missing(const std::string& release) {
    return one_of({"@/" + release + "/a/f", kFile, "@/latest/a/f", false});
  }
  // Everybody is right again: at once where contents are concerned, with all entries gone in all else.
  void right_again(WorkerHandle worker, const std::string& release) {
    auto r = worker.request();
    expect(r.read_file(kFile), release);
    expect(r.include(kScript), release);
    r.clear_realpath_cache();
    expect(r.realpath(kFile), "@/" + release + "/a/f");
    expect(r.read_file(kFile), release);
  }
};

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

// The resolution that is held in the next one, alone.
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

// The links are swapped while a resolution is held at one of its system calls: it ends in one of the releases, and what
// it leaves behind is gone with its time to live.
class Swapped final : public Resolving {
 public:
  Swapped(const Description& target, std::string point, int occurrence)
      : Resolving(target), point_(std::move(point)), occurrence_(occurrence) {}

 private:
  void steps() override {
    auto [hit, other] = workers<2>();
    tree();
    warm(hit);
    act(ActionKind::arm, {{"point", point_}, {"effect", "pause"}, {"occurrence", occurrence_}, {"worker", 0}});
    auto r = hit.background("held");
    expect(r.realpath(kFile), one_of({"@/r1/a/f", "@/r2/a/f"}));
    expect(r.read_file(kFile), one_of({"r1", "r2"}));
    // It gets there meanwhile; one that is late sees the new release alone.
    for (int i = 0; i < 20; ++i) other.time();
    swap_link("@/latest", "r2");
    expect(other.read_file(kFile), "r2");
    act(ActionKind::release, {{"point", point_}});
    await("held");
    faults_are_over();
    advance_clock(seconds(121 * 4));  // each level below a stale link has a time of its own (RP-TTL-06)
    for (WorkerHandle worker : {hit, other}) right_again(worker, "r2");
  }

  std::string point_;
  int occurrence_;
};

const char* const kPoints[] = {"realpath/lstat", "realpath/readlink", "posix/io/stat/lstat", "posix/io/path/readlink"};

const std::set<std::string> kNeeds = {"realpath_cache", "fault", "workers.processes", "scripts"};

}  // namespace

ASSAY_TEST("sweep", "RP-ENT-13 RP-PATH-14 GU-LIV-01",
           "a refused call of a resolution gives no wrong answer, at each occasion", kNeeds, Profile::quick) {
  Sweep sweep(context.target, context.folder, 40);
  const Trace pattern = Refused(context.target.description()).build("a call of a resolution is refused", {"RP-ENT-13"});
  std::vector<std::string> errors = {"EIO"};
  if (context.profile != Profile::quick) errors = {"EIO", "ENOENT", "EACCES", "ELOOP", "ENAMETOOLONG"};
  for (const char* point : kPoints) {
    for (const std::string& error : errors) {
      if (!sweep.run(pattern, {.point = point, .effect = "fail", .error = error, .worker = 0})) return sweep.result(0);
    }
  }
  return sweep.result(8);
}

ASSAY_TEST("kill", "RP-LIFE-03 GU-LIV-01", "a worker killed while it resolves leaves nothing wrong behind",
           (std::set<std::string>{"realpath_cache", "fault.kill", "workers.processes", "scripts"}), Profile::quick) {
  Sweep sweep(context.target, context.folder, context.profile == Profile::quick ? 6 : 40);
  const Trace pattern =
      Killed(context.target.description()).build("a worker is killed while it resolves", {"RP-LIFE-03"});
  for (const char* point :
       {"realpath/lstat", "realpath/readlink", "realpath/insert", "posix/io/stat/lstat", "posix/io/path/readlink"}) {
    if (!sweep.run(pattern, {.point = point, .effect = "kill", .error = "", .worker = 0})) return sweep.result(0);
  }
  return sweep.result(6);
}

ASSAY_TEST("concurrency", "RP-PATH-08 RP-TTL-06", "links that change between two system calls of a resolution", kNeeds,
           Profile::standard) {
  TestResult result;
  Executor executor(context.target, context.folder);
  const Trace probe = Visited(context.target.description()).build("probe", {});
  for (const char* point : kPoints) {
    for (std::uint64_t occurrence = 1; occurrence <= 6; ++occurrence) {
      // A pause that nobody comes to would be waited for in vain: a refusal shows first whether there is a visit.
      const SweptFault fault{.point = point, .effect = "fail", .error = "EIO", .worker = 0};
      if (executor.run(armed_with(probe, fault, occurrence)).verdict == Verdict::inconclusive) break;
      const Trace trace = Swapped(context.target.description(), point, static_cast<int>(occurrence))
                              .build(fmt::format("links swapped at {}, {}", point, occurrence), {"RP-PATH-08"});
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
