#include "conformance/suite/static/contention.h"

#include "conformance/checkers/cache_histories.h"
#include "conformance/exploration/campaign.h"
#include "conformance/exploration/histories.h"

namespace assay::conformance {

TestResult check_contention(const TestContext& context, const ContentionRuns& runs) {
  CacheRules rules = cache_rules(context.target.description());
  rules.may_refuse = false;  // a few small values
  std::uint64_t overlaps = 0;
  HistoryOptions histories;
  histories.traces = runs.traces;
  histories.make = runs.make;
  histories.judge = [&](const Trace& trace, Execution& execution) {
    const auto checked = check_data_caches(cache_run(trace, execution.observations), execution.observations, rules);
    overlaps = checked.overlaps;
    if (checked.verdict == Linearizability::yes) return;
    execution.verdict = checked.verdict == Linearizability::no ? Verdict::fail : Verdict::inconclusive;
    execution.failed_clause = runs.clause;
    execution.reason =
        checked.verdict == Linearizability::no ? checked.message : "the search for an order took too long";
  };
  histories.amount = [&](const Execution&) { return overlaps; };
  histories.counted = runs.counted;
  histories.counter = &Evidence::interleavings;
  return Campaign(context.target, context.folder, {.least = 50}, {.with_monitors = false})
      .run(Histories(std::move(histories)));
}

}  // namespace assay::conformance
