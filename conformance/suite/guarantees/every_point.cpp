// Every point of the reference is on the way of some trace, or it is said here why not.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "conformance/exploration/campaign.h"
#include "conformance/exploration/trace_list.h"
#include "conformance/registry/registration.h"
#include "conformance/suite/guarantees/counter_roles.h"
#include "conformance/suite/guarantees/point_traces.h"
#include "conformance/suite/guarantees/roles.h"
#include "conformance/suite/guarantees/swept_set.h"
#include "conformance/suite/guarantees/unreached_points.h"
#include "conformance/suite/realpath/file_operations.h"
#include "faults/points/catalogue.h"

using namespace assay::conformance;

namespace {

template <class Roles, class Role>
void add_alone(std::vector<Trace>& traces, const Description& target, std::initializer_list<Role> roles) {
  for (const Role role : roles) {
    Roles pair(target, role, role);
    traces.push_back(count_alone(pair, 0, name_of(role)));
  }
}

template <class Roles, class Role>
Trace paused_at(const Description& target, Role paused, Role other, const char* point) {
  Roles pair(target, paused, other);
  return interleave(pair, {false, PointVisit{point}, {}}, point, {});
}

}  // namespace

BODY_TEST("sweep", "GU-LIV-05/every-point", "", "every point is reached by a trace or has a reason why not",
          {"fault.kill", "script_cache", "script_cache.file_cache", "static_cache.volatile", "static_cache.locks",
           "static_cache.pinned", "static_cache.attributes", "workers.processes", "realpath_cache", "rendezvous"}) {
  const Description& target = context.target.description();
  using S = ScriptRole;
  using C = CacheRole;
  std::vector<Trace> traces;
  add_alone<ScriptRoles>(traces, target,
                         {S::hit, S::store, S::alias, S::revalidate, S::invalidate, S::reset, S::restart, S::status});
  add_alone<CacheRoles>(traces, target,
                        {C::get, C::set, C::overwrite, C::remove, C::clear, C::expire, C::get_expired, C::lock});
  add_alone<CounterRoles>(traces, target, {CounterRole::count});
  // To meet a lock: the other holds it. To meet a reader: a restart that has to wait.
  traces.push_back(paused_at<ScriptRoles>(target, S::store, S::invalidate, "lock/write/held"));
  traces.push_back(paused_at<ScriptRoles>(target, S::hit, S::restart, "hit/found"));
  traces.push_back(paused_at<CacheRoles>(target, C::set, C::overwrite, "static/lock/held"));
  traces.push_back(FileOperations(target).build("every operation on files", {}));
  traces.push_back(paused_at<CacheRoles>(target, C::lock, C::overwrite, "static/fetch/lookup"));
  traces.push_back(paused_at<CacheRoles>(target, C::lock, C::lock, "static/reservation/released"));
  for (const auto& make : {forced_restart, repaired, expired, evicted, compacted, filed, published})
    traces.push_back(make(target));
  TestResult result = Campaign(context.target, context.folder).run(TraceList(std::move(traces)));
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
