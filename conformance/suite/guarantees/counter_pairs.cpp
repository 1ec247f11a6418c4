// The counters of the pinned backend: every schedule of two workers, and the kill matrix.
#include <fmt/format.h>

#include "conformance/exploration/campaign.h"
#include "conformance/exploration/kill_matrix.h"
#include "conformance/registry/registration.h"
#include "conformance/suite/guarantees/counter_roles.h"
#include "conformance/suite/guarantees/every_schedule.h"

using namespace assay::conformance;

namespace {

void register_pair(CounterRole a, CounterRole b) {
  TestCase test =
      describe_test("schedule", fmt::format("GU-VAL-04/pair-counter-{}-{}", name_of(a), name_of(b)),
                    "GU-VAL-02 GU-RES-01 ST-CNT-01 ST-CNT-02",
                    fmt::format("schedules of {} and {} on a counter of the pinned backend", name_of(a), name_of(b)));
  test.needs = {"fault", "static_cache.pinned", feature_of(b), "workers.processes"};
  const bool is_quick = a == CounterRole::count && (b == CounterRole::count || b == CounterRole::remove);
  test.profile = is_quick ? Profile::quick : Profile::standard;
  test.seconds_limit = 600;
  test.body = [a, b, id = test.id, ids = test.clauses](TestContext& context) {
    CounterRoles pair(context.target.description(), a, b);
    return every_schedule(context, pair, id, ids);
  };
  register_test(std::move(test));
}

void register_row(CounterRole role) {
  TestCase test = describe_test(
      "kill", fmt::format("GU-LIV-01/kill-matrix-counter-{}", name_of(role)), "GU-VAL-02 GU-RES-01 ST-PRC-06",
      fmt::format("kill at each point of {} on a counter of the pinned backend, then each operation", name_of(role)));
  test.needs = {"fault.kill", "static_cache.pinned", feature_of(role), "workers.processes"};
  test.profile = role == CounterRole::count ? Profile::quick : Profile::standard;
  test.seconds_limit = 300;
  test.body = [role, id = test.id, ids = test.clauses](TestContext& context) {
    CounterRoles pair(context.target.description(), role, CounterRole::get);
    std::vector<KillMatrix::Next> next;
    for (const CounterRole other : {CounterRole::count, CounterRole::count_new, CounterRole::get, CounterRole::set,
                                    CounterRole::remove, CounterRole::clear})
      next.push_back({fmt::format("a {}", name_of(other)), [&pair, other] { pair.next(other); }});
    const std::uint64_t most_visits = ByProfile{1, 2, 10}.of(context.profile);
    return Campaign(context.target, context.folder).run(KillMatrix(pair, id, ids, std::move(next), most_visits));
  };
  register_test(std::move(test));
}

// Each pair in which somebody counts.
[[maybe_unused]] const bool counter_pairs_registered = [] {
  for (std::size_t a = 0; a < std::size(counter_roles) && counts(counter_roles[a]); ++a) {
    for (std::size_t b = a; b < std::size(counter_roles); ++b) register_pair(counter_roles[a], counter_roles[b]);
    register_row(counter_roles[a]);
  }
  register_row(CounterRole::lock);
  return true;
}();

}  // namespace
