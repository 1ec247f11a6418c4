// Every point of the reference is on the way of some trace, or it is said here why not.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "conformance/execution/executor.h"
#include "conformance/registry/registration.h"
#include "conformance/suite/guarantees/point_traces.h"
#include "conformance/suite/guarantees/roles.h"
#include "conformance/suite/guarantees/swept_set.h"
#include "conformance/suite/guarantees/unreached_points.h"
#include "conformance/suite/realpath/file_operations.h"
#include "faults/points/catalogue.h"

using namespace assay::conformance;

namespace {

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

BODY_TEST("sweep", "GU-LIV-05/every-point", "", "every point is reached by a trace or has a reason why not",
          {"fault.kill", "script_cache", "script_cache.file_cache", "static_cache.volatile", "static_cache.locks",
           "workers.processes", "realpath_cache", "rendezvous"}) {
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
  gathering.run(forced_restart(target));
  gathering.run(repaired(target));
  gathering.run(expired(target));
  gathering.run(filed(target));
  TestResult& result = gathering.result;
  if (result.verdict != Verdict::pass) return result;

  std::vector<std::string> wrong;
  for (const auto& entry : assay::points::catalogue()) {
    const auto found = result.evidence.points.find(std::string(entry.name));
    const bool is_reached = found != result.evidence.points.end() && found->second.reached > 0;
    const std::string_view excuse = why_unreached(entry.name);
    if (!is_reached && excuse.empty()) wrong.push_back(fmt::format("{} is reached by no trace", entry.name));
    if (is_reached && !excuse.empty()) wrong.push_back(fmt::format("{} is reached, although: {}", entry.name, excuse));
  }
  for (const std::string& point : unswept_points(swept_set()))
    wrong.push_back(fmt::format("{} is tried by no sweep of the standard profile", point));
  if (wrong.empty()) return result;
  // The suite's own table is wrong, or the target has other points: nothing is said about the clause.
  result.verdict = result.evidence.points.count("store/begin") ? Verdict::error : Verdict::skip;
  result.reason = result.verdict == Verdict::skip ? fmt::format("{} shows no points inside its caches", target.name)
                                                  : fmt::format("{}", fmt::join(wrong, "; "));
  return result;
}
