#pragma once

#include "conformance/execution/crash_explorer.h"
#include "conformance/registry/test_case.h"

namespace assay::conformance {

// Registers a test that explores every crash state of the request that a scenario marks with explore_crash.
// `quick`: how many states the quick profile judges; 0 leaves the test to the standard profile.
template <class CrashScenario>
bool register_crash_states(const char* clauses, const char* title, std::set<std::string> needs, std::size_t quick,
                           const char* file, int line) {
  TestCase test = detail::describe_test("crash", clauses, title, file, line);
  needs.insert("workers.processes");
  test.needs = std::move(needs);
  test.seconds_limit = 600;
  if (quick == 0) test.profile = Profile::standard;
  test.body = [name = test.id, ids = test.clauses, quick](TestContext& context) {
    const Trace trace = CrashScenario(context.target.description()).build(name, ids);
    if (const std::string reason = reason_to_skip(trace, context.target.description()); !reason.empty()) {
      TestResult skipped;
      skipped.verdict = Verdict::skip;
      skipped.reason = reason;
      return skipped;
    }
    const std::size_t most = context.profile == Profile::quick ? quick : 0;
    return CrashExplorer(context.target, context.folder, most).explore(trace);
  };
  return register_test(std::move(test));
}

#define ASSAY_CRASH_STATES(scenario, clauses, title, needs, quick) \
  [[maybe_unused]] static const bool registered_##scenario =       \
      ::assay::conformance::register_crash_states<scenario>(clauses, title, needs, quick, __FILE__, __LINE__)

}  // namespace assay::conformance
