// The kill matrix: a worker in each role dies at each point of its way, and each of the others' operations comes next.
#include <fmt/format.h>

#include "conformance/exploration/campaign.h"
#include "conformance/exploration/kill_matrix.h"
#include "conformance/registry/registration.h"
#include "conformance/suite/guarantees/roles.h"

using namespace assay::conformance;

namespace {

std::vector<KillMatrix::Next> next_of(ScriptRoles& pair) {
  const auto role = [&pair](ScriptRole next) { return [&pair, next] { pair.next(next); }; };
  return {{"a hit", role(ScriptRole::hit)},
          {"a store", role(ScriptRole::store)},
          {"a reset", role(ScriptRole::reset)},
          {"a status", role(ScriptRole::status)},
          {"a restart", role(ScriptRole::restart)}};
}

std::vector<KillMatrix::Next> next_of(CacheRoles& pair) {
  const auto role = [&pair](CacheRole next) { return [&pair, next] { pair.next(next); }; };
  // Who reads repairs nothing: one after the other they find what each would find.
  const auto reads = [&pair] {
    pair.next(CacheRole::get);
    pair.next(CacheRole::get_list);
    pair.next_info();
  };
  std::vector<KillMatrix::Next> next = {{"reads", reads},
                                        {"a set", role(CacheRole::overwrite)},
                                        {"a clear", role(CacheRole::clear)},
                                        {"a delete", role(CacheRole::remove)}};
  if (pair.has_reservations()) next.push_back({"a reservation", role(CacheRole::lock)});
  return next;
}

template <class Roles, class Role>
void register_row(const char* more_clauses, const char* cache, Role role, Role other, const char* feature) {
  TestCase test =
      describe_test("kill", fmt::format("GU-LIV-01/kill-matrix-{}-{}", cache, name_of(role)), more_clauses,
                    fmt::format("kill at each point of {} in the {} cache, then each operation", name_of(role), cache));
  test.needs = {"fault.kill", feature, "workers.processes"};
  test.profile = Profile::standard;
  test.seconds_limit = 300;
  test.body = [role, other, id = test.id, ids = test.clauses](TestContext& context) {
    Roles pair(context.target.description(), role, other);
    const std::uint64_t most_visits = ByProfile{1, 2, 10}.of(context.profile);
    return Campaign(context.target, context.folder).run(KillMatrix(pair, id, ids, next_of(pair), most_visits));
  };
  register_test(std::move(test));
}

[[maybe_unused]] const bool kill_matrix_registered = [] {
  for (const ScriptRole role : {ScriptRole::hit, ScriptRole::store, ScriptRole::alias, ScriptRole::revalidate,
                                ScriptRole::invalidate, ScriptRole::reset, ScriptRole::restart, ScriptRole::status})
    register_row<ScriptRoles>("GU-LIV-02 GU-VAL-02", "script", role, ScriptRole::status, "script_cache");
  for (const CacheRole role :
       {CacheRole::get, CacheRole::get_list, CacheRole::set, CacheRole::set_list, CacheRole::overwrite,
        CacheRole::remove, CacheRole::remove_list, CacheRole::clear, CacheRole::expire, CacheRole::get_expired,
        CacheRole::lock, CacheRole::add, CacheRole::remember, CacheRole::count})
    register_row<CacheRoles>("GU-VAL-02 GU-RES-01", "static", role, CacheRole::get, feature_of(role));
  return true;
}();

}  // namespace
