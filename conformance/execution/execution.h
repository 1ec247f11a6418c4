#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "conformance/execution/crash_survey.h"
#include "conformance/execution/sanitizers.h"
#include "conformance/monitors/monitor_set.h"
#include "conformance/registry/verdict.h"
#include "conformance/vocabulary/observation.h"

namespace assay::conformance {

// How traces are executed. Plain data.
struct ExecutorOptions {
  // The limit of a request that names none, in real time. A request that exceeds it hangs.
  std::chrono::milliseconds request_limit{watched_by_sanitizers ? 50000 : 5000};
  bool with_monitors = true;
  std::function<MonitorSet()> make_monitors{};  // set by the executor
  // No request gets more than this, whatever it says; 0 for no such limit. For screening.
  std::chrono::milliseconds longest_request{0};
  // While a plan is armed at most one worker runs at a time, so that no thread has to wait for each.
  bool in_turns = false;
  // Absolute paths in actions are carried out where they point; else they are errors of the trace.
  bool allow_outside = false;
};

// A worker's turn: the points that were visited from the end of the turn before until this worker was blocked, or its request
// over.
struct Turn {
  int worker = 0;
  std::map<std::string, std::uint64_t> visits;
};

// What one execution of a trace showed. Plain data.
struct Execution {
  Verdict verdict = Verdict::pass;
  std::string reason;           // of a verdict other than pass, in one paragraph
  bool was_refused = false;     // of an inconclusive one: the machine did not give what was needed
  std::size_t failed_step = 0;  // of a fail: where
  std::size_t failed_exchange = 0;
  std::string expected, actual;          // of a fail
  std::string failed_clause;             // of a fail by a matcher: the clause that it breaks
  std::set<std::string> also_broken;     // after a crash everything is judged: the clauses of later wrong replies
  std::optional<std::size_t> leads_out;  // of an error: the step whose action leads out of the sandbox
  std::string log;                       // what the target logged, of a fail or error
  std::vector<Observation> observations;
  std::vector<Violation> violations;      // found by monitors
  std::map<std::string, bool> monitored;  // clauses that monitors had something to say about: holds
  Evidence evidence;
  std::map<std::string, std::uint64_t> counted;  // visits of points from an action that counts all to the next disarm
  std::vector<Turn> turns;                       // one for each wait_until_blocked
  std::int64_t ended_at = 0;                     // virtual time at the end
  std::optional<CrashSurvey> crashes;            // of a trace that explores crash states
};

}  // namespace assay::conformance
