// A second crash while a worker recovers from the first, for each pair of operations.
#include <fmt/format.h>

#include "conformance/exploration/campaign.h"
#include "conformance/exploration/second_crashes.h"
#include "conformance/registry/registration.h"
#include "conformance/suite/guarantees/roles.h"

using namespace assay::conformance;

namespace {

template <class Roles, class Role>
void register_compound(const char* cache, Role dying, Role recovering, const char* feature) {
  TestCase test = describe_test(
      "sweep", fmt::format("GU-LIV-01/second-crash-{}-{}", cache, name_of(dying)), "GU-LIV-02 GU-VAL-02",
      fmt::format("a second crash at each point after a crash in {} of the {} cache", name_of(dying), cache));
  test.needs = {"fault.kill", feature, "workers.processes"};
  test.profile = Profile::standard;
  test.seconds_limit = 300;
  test.body = [dying, recovering, id = test.id, ids = test.clauses](TestContext& context) {
    Roles pair(context.target.description(), dying, recovering);
    return Campaign(context.target, context.folder).run(SecondCrashes(pair, id, ids));
  };
  register_test(std::move(test));
}

[[maybe_unused]] const bool compound_registered = [] {
  for (const ScriptRole role : {ScriptRole::store, ScriptRole::invalidate, ScriptRole::restart})
    register_compound<ScriptRoles>("script", role, ScriptRole::store, "script_cache");
  for (const CacheRole role : {CacheRole::overwrite, CacheRole::remove, CacheRole::clear})
    register_compound<CacheRoles>("static", role, CacheRole::overwrite, "static_cache.volatile");
  return true;
}();

}  // namespace
