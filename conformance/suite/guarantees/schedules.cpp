// Every order of two workers' steps with up to two preemptions, for each pair of operations: one order, one trace.
//
// Registered in a loop, not by macro: a test for each pair, so that each has a time limit, and a name in the report.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "conformance/execution/continued_runs.h"
#include "conformance/registry/registration.h"
#include "conformance/suite/guarantees/roles.h"

using namespace assay::conformance;

namespace {

constexpr std::uint64_t needed = 3;

std::vector<Schedule> preempted_once(const Visits& a, const Visits& b) {
  std::vector<Schedule> schedules = all_schedules(a, b, 1);
  std::erase_if(schedules, [](const Schedule& schedule) { return !schedule.first; });
  return schedules;
}

TestResult every_schedule(const TestContext& context, Interleaving& pair, const std::string& name,
                          const std::vector<std::string>& clauses) {
  TestResult result;
  Executor executor(context.target, context.folder);
  Visits visits[2], calls[2];
  for (const int who : {0, 1}) {
    const Trace alone = pair.alone(who, name);
    const Execution execution = executor.run(alone);
    if (execution.verdict != Verdict::pass) return result_of(execution, alone);
    visits[who] = visits_inside(execution.evidence);
    calls[who] = visits_of_calls(execution.evidence);
    if (visits[who].empty()) {
      result.verdict = Verdict::skip;
      result.reason =
          fmt::format("{} shows no point on the way of {}", context.target.description().name, who == 0 ? "A" : "B");
      return result;
    }
  }
  const bool is_quick = context.profile == Profile::quick;
  std::vector<Schedule> schedules = all_schedules(visits[0], visits[1], is_quick ? 1 : 2);
  // A stock program's other calls are many, and each order costs a start of it: one preemption there.
  if (!is_quick) std::ranges::copy(preempted_once(calls[0], calls[1]), std::back_inserter(schedules));
  ContinuedRuns runs(context.target, context.folder);
  for (const Schedule& schedule : schedules) {
    const Trace trace = pair.of(schedule, name, clauses);
    const Execution execution = runs.run(trace);
    result.evidence += execution.evidence;
    if (execution.verdict == Verdict::inconclusive) continue;  // this order does not exist: somebody never came there
    if (execution.verdict != Verdict::pass) {
      TestResult failure = result_of(execution, trace);
      failure.evidence = result.evidence;
      return failure;
    }
    ++result.evidence.interleavings;
    for (const auto& [clause, holds] : execution.monitored) {
      if (holds) result.clauses.emplace(clause, Verdict::pass);
    }
  }
  if (result.evidence.interleavings >= needed) return result;
  result.clauses.clear();
  result.verdict = Verdict::inconclusive;
  result.reason = fmt::format("only {} orders; this says too little", result.evidence.interleavings);
  return result;
}

constexpr ScriptRole script_roles[] = {ScriptRole::hit,        ScriptRole::store,      ScriptRole::alias,
                                       ScriptRole::revalidate, ScriptRole::invalidate, ScriptRole::reset,
                                       ScriptRole::restart,    ScriptRole::status};
constexpr CacheRole cache_roles_[] = {CacheRole::get,         CacheRole::get_list,  CacheRole::set,
                                      CacheRole::set_list,    CacheRole::overwrite, CacheRole::remove,
                                      CacheRole::remove_list, CacheRole::clear,     CacheRole::expire,
                                      CacheRole::get_expired, CacheRole::has,       CacheRole::lock};

// The pairs that the quick profile tries too, with one preemption.
template <class Role>
bool is_quick_pair(Role a, Role b, std::initializer_list<std::pair<Role, Role>> quick) {
  return std::find(quick.begin(), quick.end(), std::pair(a, b)) != quick.end();
}

template <class Pair, class Role>
void register_pair(const char* clause, const char* more_clauses, const char* cache, Role a, Role b, const char* feature,
                   std::initializer_list<std::pair<Role, Role>> quick) {
  TestCase test = describe_test("schedule", fmt::format("{}/pair-{}-{}", clause, name_of(a), name_of(b)), more_clauses,
                                fmt::format("schedules of {} and {} in the {} cache", name_of(a), name_of(b), cache));
  test.needs = {"fault", feature, "workers.processes"};
  test.profile = is_quick_pair(a, b, quick) ? Profile::quick : Profile::standard;
  test.seconds_limit = 600;
  test.body = [a, b, id = test.id, ids = test.clauses](TestContext& context) {
    Pair pair(context.target.description(), a, b);
    return every_schedule(context, pair, id, ids);
  };
  register_test(std::move(test));
}

[[maybe_unused]] const bool registered = [] {
  for (std::size_t a = 0; a < std::size(script_roles); ++a) {
    for (std::size_t b = a; b < std::size(script_roles); ++b)
      register_pair<ScriptRoles>("GU-VAL-01", "GU-VAL-02 GU-VAL-06 GU-LIV-02", "script", script_roles[a],
                                 script_roles[b], "script_cache", {{ScriptRole::hit, ScriptRole::restart}});
  }
  for (std::size_t a = 0; a < std::size(cache_roles_); ++a) {
    for (std::size_t b = a; b < std::size(cache_roles_); ++b)
      register_pair<CacheRoles>("GU-VAL-04", "GU-VAL-01 GU-VAL-02 GU-RES-01", "static", cache_roles_[a],
                                cache_roles_[b],
                                // The second one is a reservation in each pair that has one.
                                feature_of(cache_roles_[b]),
                                {{CacheRole::get, CacheRole::overwrite}, {CacheRole::overwrite, CacheRole::lock}});
  }
  return true;
}();

}  // namespace
