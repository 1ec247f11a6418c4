#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "conformance/adapter/target.h"
#include "conformance/execution/crash_survey.h"
#include "conformance/execution/observation.h"
#include "conformance/execution/sanitizers.h"
#include "conformance/monitors/monitor_set.h"
#include "conformance/registry/verdict.h"

namespace assay::conformance {

struct ExecutorOptions {
  // The limit of a request that names none, in real time. A request that exceeds it hangs.
  std::chrono::milliseconds request_limit{watched_by_sanitizers ? 50000 : 5000};
  bool with_monitors = true;
  std::function<MonitorSet()> make_monitors{};  // set by the executor
  // No request gets more than this, whatever it says; 0 for no such limit. For screening.
  std::chrono::milliseconds longest_request{0};
  // While a plan is armed at most one worker runs at a time, so that no thread has to wait for each.
  bool in_turns = false;
};

// What one execution of a trace showed.
struct Execution {
  Verdict verdict = Verdict::pass;
  std::string reason;           // of a verdict other than pass, in one paragraph
  std::size_t failed_step = 0;  // of a fail: where
  std::size_t failed_exchange = 0;
  std::string expected, actual;       // of a fail
  std::string failed_clause;          // of a fail by a matcher: the clause that it stands for
  std::set<std::string> also_broken;  // after a death everything is judged: the clauses of later wrong replies
  std::string log;                    // what the target logged, of a fail or error
  std::vector<Observation> observations;
  std::vector<Violation> violations;      // found by monitors
  std::map<std::string, bool> monitored;  // clauses that monitors had something to say about: holds
  Evidence evidence;
  std::map<std::string, std::uint64_t> counted;  // visits of points from an action that counts all to the next disarm
  std::int64_t ended_at = 0;                     // virtual time at the end
  std::optional<CrashSurvey> crashes;            // of a trace that explores crash states
};

// Executes traces on a target, each on a fresh runtime in a folder of its own, and judges each reply by its matcher and
// the whole by the monitors. The one way in which anything of the suite reaches an implementation.
// One trace at a time. Leaves the folder empty.
class Executor {
 public:
  // `folder` exists and belongs to the executor alone.
  Executor(Target& target, std::filesystem::path folder, ExecutorOptions options = {});

  // Never fails: what breaks is the verdict *error* of the execution.
  Execution run(const Trace& trace);

 private:
  Target& target_;
  std::filesystem::path folder_;
  ExecutorOptions options_;
  int runs_ = 0;
};

// Features of the trace that the target does not claim, and operations that it does not know, as the reason of a skip;
// empty where it can run.
std::string reason_to_skip(const Trace& trace, const Description& description);

// The execution as the result of a test of that name and clauses: details for people included.
TestResult result_of(const Execution& execution, const Trace& trace);

}  // namespace assay::conformance
