// GU-SYS-01: calls that are refused, or kill, while a runtime starts and preloads.
#include <fmt/format.h>

#include "conformance/exploration/campaign.h"
#include "conformance/exploration/trace_list.h"
#include "conformance/suite/preload/preloading.h"

namespace assay::conformance {
namespace {

// A start at whose call of that number something happens. It ends by itself, or serves with all that the preload script
// requires; never with a part of it.
class DisturbedStart final : public Preloading {
 public:
  // `error`: an errno where the call is refused; empty where it kills.
  DisturbedStart(const Description& target, std::string point, std::string error, int occurrence)
      : Preloading(target), point_(std::move(point)), error_(std::move(error)), occurrence_(occurrence) {}

 private:
  void steps() override {
    auto [one, two] = workers<2>();
    write("@/a.php", php("class A {} function fa() {}"));
    write("@/b.php", php("class B extends A {} function fb() {}"));
    preload(require_file("a.php") + require_file("b.php") + "class P extends B {}");
    write("@/ask.php", php("return [class_exists('A', false), class_exists('B', false), class_exists('P', false), "
                           "function_exists('fa'), function_exists('fb')];"));
    act(ActionKind::arm, {{"point", point_},
                          {"effect", error_.empty() ? "kill" : "fail"},
                          {"error", error_},
                          {"occurrence", occurrence_},
                          {"optional", true}});
    act(ActionKind::start, {{"ends", "any"}});
    act(ActionKind::disarm, {});
    for (WorkerHandle worker : {one, two}) expect(worker.include("@/ask.php"), list_of({true, true, true, true, true}));
  }

  std::string point_, error_;
  int occurrence_;
};

struct Call {
  const char* point;
  const char* error;
};

constexpr Call calls[] = {
    {"posix/io/oc/open", "EACCES"},        {"posix/io/oc/fopen", "EACCES"},     {"posix/io/rw/read", "EIO"},
    {"posix/io/stat/fstat", "ENOENT"},     {"posix/io/stat/stat", "ENOENT"},    {"posix/io/stat/lstat", "ENOENT"},
    {"posix/mm/mmap/shared", "ENOMEM"},    {"posix/mm/mmap", "ENOMEM"},         {"posix/lock/fcntl/setlkw", "ENOLCK"},
    {"posix/lock/fcntl/unlock", "ENOLCK"}, {"posix/io/rw/ftruncate", "ENOSPC"}, {"posix/proc/fork", "EAGAIN"}};

// Each of these calls, the first so many times.
std::vector<Trace> disturbed_starts(const Description& target, bool kills, int most) {
  std::vector<Trace> traces;
  for (const Call& call : calls) {
    for (int occurrence = 1; occurrence <= most; ++occurrence)
      traces.push_back(
          DisturbedStart(target, call.point, kills ? "" : call.error, occurrence)
              .build(fmt::format("{} {} {}", kills ? "kill" : "refuse", call.point, occurrence), {"GU-SYS-01"}));
  }
  return traces;
}

TestResult judged(TestResult result) {
  if (result.verdict != Verdict::pass || result.evidence.faults_fired > 0) return result;
  result.verdict = Verdict::skip;
  result.reason = "a start of this target comes to none of the points";
  result.clauses.clear();
  return result;
}

TestCase disturbed(const std::string& id, const std::string& clauses, const std::string& title, bool kills) {
  std::set<std::string> needs = {"script_cache.preloading", "workers", "fault"};
  if (kills) needs.insert("fault.kill");
  const auto body = [kills](TestContext& context) {
    const int most = context.profile == Profile::quick ? 3 : 30;
    auto traces = disturbed_starts(context.target.description(), kills, most);
    return judged(Campaign(context.target, context.folder, {.least = traces.size()}).run(TraceList(std::move(traces))));
  };
  TestCase test = body_test("sweep", id, clauses, title, std::move(needs), Profile::quick, body);
  test.seconds_limit = 600;
  return test;
}

[[maybe_unused]] const bool refused_starts_registered = register_tests({
    disturbed("GU-SYS-01/preload-refused", "PL-ERR-01 PL-SET-01",
              "a start whose call is refused ends, or preloads all that it requires", false),
    disturbed("GU-SYS-01/preload-killed", "PL-SET-01", "a start that is killed while it preloads never serves a part",
              true),
});

}  // namespace
}  // namespace assay::conformance
