#pragma once

#include "conformance/exploration/campaign.h"
#include "conformance/exploration/crash_states.h"
#include "conformance/registry/registration.h"

namespace assay::conformance {

// A test that explores every crash state of the request that a scenario marks with explore_crash.
// `quick`: how many states the quick profile judges; 0 leaves the test to the standard profile. `most`: how many the others
// judge; 0: all.
// Parameters go to the scenario's constructor, as those of clause_test.
template <class CrashScenario, class... Parameters>
TestCase crash_test(const char* id, const char* more_clauses, const char* title, std::set<std::string> needs,
                    std::size_t quick, std::tuple<Parameters...> parameters = std::tuple<>(),
                    const char* file = __builtin_FILE(), int line = __builtin_LINE(), std::size_t most = 0) {
  TestCase test = clause_test<CrashScenario>(id, more_clauses, title, std::move(parameters), file, line);
  test.kind = "crash";
  needs.insert("workers.processes");
  test.needs = std::move(needs);
  test.seconds_limit = 600;
  if (quick == 0) test.profile = Profile::standard;
  test.body = [scenario = std::exchange(test.trace, nullptr), quick, most](TestContext& context) {
    const Trace trace = scenario(context.target.description());
    if (const std::string reason = reason_to_skip(trace, context.target.description()); !reason.empty()) {
      TestResult skipped;
      skipped.verdict = Verdict::skip;
      skipped.reason = reason;
      return skipped;
    }
    const std::size_t states = context.profile == Profile::quick ? quick : most;
    return Campaign(context.target, context.folder).run(CrashStates(trace, states));
  };
  return test;
}

}  // namespace assay::conformance
