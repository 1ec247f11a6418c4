// Every schedule of two workers with up to two preemptions, for each pair of operations.
//
// Registered in a loop, not by macro: a test for each pair, so that each has a time limit, and a name in the report.
#include <fmt/format.h>

#include <algorithm>

#include "conformance/registry/registration.h"
#include "conformance/suite/guarantees/every_schedule.h"
#include "conformance/suite/guarantees/roles.h"

using namespace assay::conformance;

namespace {

constexpr ScriptRole script_roles[] = {ScriptRole::hit,        ScriptRole::store,      ScriptRole::alias,
                                       ScriptRole::revalidate, ScriptRole::invalidate, ScriptRole::reset,
                                       ScriptRole::restart,    ScriptRole::status};
constexpr CacheRole cache_roles_[] = {
    CacheRole::get,    CacheRole::get_list,    CacheRole::set,   CacheRole::set_list, CacheRole::overwrite,
    CacheRole::remove, CacheRole::remove_list, CacheRole::clear, CacheRole::expire,   CacheRole::get_expired,
    CacheRole::has,    CacheRole::lock,        CacheRole::add,   CacheRole::remember, CacheRole::count};

// The pairs that the quick profile tries too, with one preemption.
template <class Role>
bool is_quick_pair(Role a, Role b, std::initializer_list<std::pair<Role, Role>> quick) {
  return std::find(quick.begin(), quick.end(), std::pair(a, b)) != quick.end();
}

template <class Pair, class Role>
void register_pair(const char* clause, const char* more_clauses, const char* cache, Role a, Role b,
                   std::set<std::string> features, std::initializer_list<std::pair<Role, Role>> quick) {
  TestCase test = describe_test("schedule", fmt::format("{}/pair-{}-{}", clause, name_of(a), name_of(b)), more_clauses,
                                fmt::format("schedules of {} and {} in the {} cache", name_of(a), name_of(b), cache));
  features.insert({"fault", "workers.processes"});
  test.needs = std::move(features);
  test.profile = is_quick_pair(a, b, quick) ? Profile::quick : Profile::standard;
  test.seconds_limit = 600;
  test.body = [a, b, id = test.id, ids = test.clauses](TestContext& context) {
    Pair pair(context.target.description(), a, b);
    return every_schedule(context, pair, id, ids);
  };
  register_test(std::move(test));
}

[[maybe_unused]] const bool schedules_registered = [] {
  for (std::size_t a = 0; a < std::size(script_roles); ++a) {
    for (std::size_t b = a; b < std::size(script_roles); ++b)
      register_pair<ScriptRoles>("GU-VAL-01", "GU-VAL-02 GU-VAL-06 GU-LIV-02", "script", script_roles[a],
                                 script_roles[b], {"script_cache"}, {{ScriptRole::hit, ScriptRole::restart}});
  }
  for (std::size_t a = 0; a < std::size(cache_roles_); ++a) {
    for (std::size_t b = a; b < std::size(cache_roles_); ++b)
      register_pair<CacheRoles>("GU-VAL-04", "GU-VAL-01 GU-VAL-02 GU-RES-01", "static", cache_roles_[a],
                                cache_roles_[b], {feature_of(cache_roles_[a]), feature_of(cache_roles_[b])},
                                {{CacheRole::get, CacheRole::overwrite},
                                 {CacheRole::overwrite, CacheRole::overwrite},
                                 {CacheRole::overwrite, CacheRole::lock}});
  }
  return true;
}();

}  // namespace
