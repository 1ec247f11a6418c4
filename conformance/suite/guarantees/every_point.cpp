// Every point of the reference is on the way of some trace, or it is said here why not.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "conformance/execution/executor.h"
#include "conformance/registry/test_case.h"
#include "conformance/suite/guarantees/roles.h"
#include "conformance/suite/realpath/file_operations.h"
#include "faults/points/catalogue.h"

using namespace assay::conformance;

namespace {

struct Unreached {
  const char* points;  // a name or a prefix with '*'
  const char* reason;
};

constexpr const char* at_start = "visited before a trace can arm anything: at the start or the end of the runtime";
constexpr const char* not_built = "the reference does not have this part";

constexpr Unreached unreached[] = {
    {"segment/map/*", at_start},
    {"segment/unmap", at_start},
    {"segment/protect", not_built},
    {"lock/file/*", at_start},
    {"static/partition/create", at_start},
    {"table/remove", "keys are never unlinked: the table is cleared as a whole"},
    {"compile/*", "compiling asks for files by the points of files/*"},
    {"preload/*", not_built},
    {"file_cache/lock", "a file has no name before it is complete: there is nothing that a lock would keep apart"},
    {"file_cache/sync", "what a loss of power leaves is refused by its checksum"},
    {"static/evict/*", "the reference refuses where it is full, and evicts nothing"},
    {"static/increment/publish", "counters are of the pinned backend, which the reference does not have"},
    {"static/declared/publish", not_built},
    {"files/truncate", "nothing that a request can ask for sets a file's length"},
    {"files/sync", "nothing that a request can ask for flushes a file"},
    {"files/fstat", "asked only for the current folder of workers that are threads"},
    {"files/chown", "asked only when a file moves to another file system"},
    {"process/fork", "workers are forked by the suite itself, which no plan reaches"},
    {"process/start", "a worker starts beside the trace, before or after a plan is armed: no sweep could count it"},
    {"process/stop", "a worker is ended by a signal, as the manager of a real one does it"},
    {"clock/*", "the virtual clock is set, not refused"},
    {"posix/*", "visited by the interposer, in programs that are not ours"},
};

const Unreached* excuse_of(std::string_view point) {
  for (const Unreached& entry : unreached) {
    if (assay::points::matches(entry.points, point)) return &entry;
  }
  return nullptr;
}

// A worker dies in the middle of a store, in both caches, and the next one repairs what it left.
class Repaired final : public Scenario {
 public:
  using Scenario::Scenario;

 private:
  void steps() override {
    auto [victim, survivor] = workers<2>();
    write("@/a.php", returns("a"));
    die(victim, "store/copy").include("@/a.php");
    die(victim, "static/store/publish").set("k", "v");
    act(ActionKind::arm, {{"point", "*"}, {"effect", "count"}});
    expect(survivor.include("@/a.php"), "a");
    expect(survivor.set("k", "w"), true);
    act(ActionKind::disarm, {});
  }
  RequestBuilder die(WorkerHandle victim, const char* point) {
    act(ActionKind::arm, {{"point", point}, {"effect", "kill"}, {"worker", victim.number()}});
    auto doomed = victim.request();
    doomed.ends("any");
    return doomed;
  }
};

// A script is stored in a file, loaded from it, and refused, and the log is told; a killed worker is replaced.
class Filed final : public Scenario {
 public:
  using Scenario::Scenario;

 private:
  void steps() override {
    ini("opcache.file_cache", "@");
    ini("opcache.log_verbosity_level", "2");
    ini("opcache.error_log", "@/log");
    auto [one, two] = workers<2>();
    write("@/a.php", returns("a"));
    act(ActionKind::arm, {{"point", "*"}, {"effect", "count"}});
    kill(two);
    expect(two.include("@/a.php"), "a");
    expect(one.reset(), true);
    expect(one.include("@/a.php"), "a");
    expect(one.invalidate("@/a.php", true), true);
    act(ActionKind::disarm, {});
    // What cannot be removed is told to the log.
    act(ActionKind::arm, {{"point", "file_cache/unlink"}, {"effect", "fail"}, {"error", "EACCES"}});
    expect(one.invalidate("@/a.php", true), true);
    act(ActionKind::disarm, {});
    expect(one.read_file("@/log"), matches("Warning .*a\\.php\\.bin"));
  }
};

// Expired values make room for one that would not fit otherwise (ST-FUL-01).
class Swept final : public Scenario {
 public:
  using Scenario::Scenario;

 private:
  void steps() override {
    ini("opcache.static_cache.volatile_size_mb", "8");
    auto w = worker();
    for (int i = 0; i < 6; ++i) expect(w.set("short" + std::to_string(i), std::string(1'000'000, 's'), 1), true);
    advance_clock(std::chrono::seconds(10));
    act(ActionKind::arm, {{"point", "*"}, {"effect", "count"}});
    expect(w.set("large", std::string(4'000'000, 'l')), true);
    act(ActionKind::disarm, {});
  }
};

// A reader that never ends holds a restart off until its time is over; then it is killed (SC-RST-15).
class ForcedRestart final : public Scenario {
 public:
  using Scenario::Scenario;

 private:
  void steps() override {
    ini("opcache.force_restart_timeout", "10");
    auto [reader, other] = workers<2>();
    write("@/a.php", returns("a"));
    expect(other.include("@/a.php"), "a");
    auto held = reader.background("reader");
    held.ends("any");
    held.include("@/a.php");
    held.rendezvous("held");
    meet("held");
    expect(other.reset(), true);
    advance_clock(std::chrono::seconds(10));
    act(ActionKind::arm, {{"point", "*"}, {"effect", "count"}, {"worker", other.number()}});
    expect(other.include("@/a.php"), "a");
    act(ActionKind::disarm, {});
    await("reader");
    for (WorkerHandle worker : {other, reader}) {
      expect(worker.include("@/a.php"), "a");
      expect(worker.status(), all_of({at({"opcache_enabled"}, true), at({"restart_pending"}, false)}));
    }
  }
};

class Gathering {
 public:
  explicit Gathering(const TestContext& context) : executor_(context.target, context.folder) {}
  void run(const Trace& trace) {
    const Execution execution = executor_.run(trace);
    result.evidence += execution.evidence;
    if (execution.verdict != Verdict::pass && result.verdict == Verdict::pass) {
      const Evidence all = result.evidence;
      result = result_of(execution, trace);
      result.evidence = all;
    }
  }
  TestResult result;

 private:
  Executor executor_;
};

template <class Roles, class Role>
void gather(Gathering& gathering, const Description& target, std::initializer_list<Role> roles) {
  for (const Role role : roles) gathering.run(Roles(target, role, role).alone(0, name_of(role)));
}

}  // namespace

ASSAY_TEST("sweep", "GU-LIV-05", "every point of the catalogue is on the way of a trace, or it is said why not",
           (std::set<std::string>{"fault.kill", "script_cache", "script_cache.file_cache", "static_cache.volatile",
                                  "static_cache.locks", "workers.processes", "realpath_cache", "rendezvous"}),
           Profile::quick) {
  const Description& target = context.target.description();
  Gathering gathering(context);
  using S = ScriptRole;
  using C = CacheRole;
  gather<ScriptRoles>(gathering, target,
                      {S::hit, S::store, S::alias, S::revalidate, S::invalidate, S::reset, S::restart, S::status});
  gather<CacheRoles>(gathering, target,
                     {C::get, C::set, C::overwrite, C::remove, C::clear, C::expire, C::get_expired, C::lock});
  // Who meets a lock: the other holds it. Who meets a reader: a restart that has to wait.
  gathering.run(ScriptRoles(target, S::store, S::invalidate).of({false, HeldAt{"lock/write/held"}, {}}, "lock", {}));
  gathering.run(ScriptRoles(target, S::hit, S::restart).of({false, HeldAt{"hit/found"}, {}}, "reader", {}));
  gathering.run(CacheRoles(target, C::set, C::overwrite).of({false, HeldAt{"static/lock/held"}, {}}, "lock", {}));
  gathering.run(FileOperations(target).build("every operation on files", {}));
  gathering.run(
      CacheRoles(target, C::lock, C::overwrite).of({false, HeldAt{"static/fetch/lookup"}, {}}, "reserved", {}));
  gathering.run(
      CacheRoles(target, C::lock, C::lock).of({false, HeldAt{"static/reservation/released"}, {}}, "reserved", {}));
  gathering.run(ForcedRestart(target).build("forced restart", {}));
  gathering.run(Repaired(target).build("repaired", {}));
  gathering.run(Swept(target).build("swept", {}));
  gathering.run(Filed(target).build("filed", {}));
  TestResult& result = gathering.result;
  if (result.verdict != Verdict::pass) return result;

  std::vector<std::string> wrong;
  for (const auto& entry : assay::points::catalogue()) {
    const auto found = result.evidence.points.find(std::string(entry.name));
    const bool is_reached = found != result.evidence.points.end() && found->second.reached > 0;
    const Unreached* excuse = excuse_of(entry.name);
    if (!is_reached && !excuse) wrong.push_back(fmt::format("{} is reached by no trace", entry.name));
    if (is_reached && excuse) wrong.push_back(fmt::format("{} is reached, although: {}", entry.name, excuse->reason));
  }
  if (wrong.empty()) return result;
  // The suite's own table is wrong, or the target has other points: nothing is said about the clause.
  result.verdict = result.evidence.points.count("store/begin") ? Verdict::error : Verdict::skip;
  result.reason = result.verdict == Verdict::skip ? fmt::format("{} shows no points inside its caches", target.name)
                                                  : fmt::format("{}", fmt::join(wrong, "; "));
  return result;
}
