#include "conformance/suite/guarantees/every_schedule.h"

#include "conformance/exploration/all_schedules.h"
#include "conformance/exploration/campaign.h"
#include "conformance/exploration/checkpoint_runner.h"

namespace assay::conformance {

TestResult every_schedule(const TestContext& context, Pair& pair, const std::string& name,
                          const std::vector<std::string>& clauses) {
  const bool is_quick = context.profile == Profile::quick;
  CheckpointRunner runner(context.target, context.folder);
  Campaign campaign([&](const Trace& trace) { return runner.run(trace); }, {.least = 3});
  // A stock program's other calls are many, and each schedule costs a start of it: one preemption there.
  return campaign.run(AllSchedules(pair, name, clauses, is_quick ? 1 : 2, !is_quick));
}

}  // namespace assay::conformance
