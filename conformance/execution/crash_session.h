#pragma once

#include <memory>
#include <optional>
#include <string>

#include "conformance/execution/survey_states.h"
#include "conformance/execution/test_bed.h"

namespace assay::conformance {

// One action `explore_crash` and the request that it is about: follows that request store by store or call by call,
// ends its worker there, and puts in place, or surveys, the states that a crash inside it leaves. Knows nothing of the
// rest of the trace. Used by one thread. See docs/crash-explorer.md.
//
// In this order: follow(), settle(), and then survey() or, where one state is meant, the rest of the trace.
//
// Errors of kind refused: the system does not let us follow a process or reach its memory, or the request has no such
// state this time.
class CrashSession {
 public:
  // REQUIRES: the action is explore_crash. It and the runtime outlive this. `workers`: of the runtime.
  CrashSession(const Action& explore, TestBed& bed, int workers);

  int worker() const { return static_cast<int>(explore_->integer("worker")); }
  // Whether the action names no state: the rest of the trace is judged for each.
  bool is_survey() const { return !state_ && explore_->text("by") == "image"; }

  // Sends the request to its worker, follows it, and ends the worker: at the store or before the call that the action
  // names, or when it is idle again. Returns the outcome of a request that ended by itself and is to be judged; none of
  // one that a kill cut short.
  Expected<std::optional<Outcome>> follow(const Request& request);
  // False once follow() has failed because there is nothing to look at: the target has no crash states.
  bool shares_memory() const { return shares_memory_; }
  // Replaces the worker, and puts the state in place that the action names.
  Expected<void> settle();
  // REQUIRES: is_survey(). See survey_states().
  Expected<void> survey(const RestOfTrace& rest, Execution& into);

  // The system calls that the request made, where it was followed by them to its end.
  const std::optional<CrashSurvey>& calls() const { return calls_; }
  // Why the state in place may be another than the one that was found, in words; empty: it is the one.
  std::string doubt() const;

 private:
  Expected<std::optional<Outcome>> follow_calls(const Request& request);
  Expected<std::optional<Outcome>> follow_stores(const Request& request, std::vector<crash::Segment> segments);
  Expected<void> kill_at_store(const Request& request, const std::vector<crash::Segment>& segments);
  Expected<void> check_state(const crash::StoreLog& log, bool whole);

  const Action* explore_;
  TestBed* bed_;
  int workers_;
  std::optional<std::size_t> state_;  // so many stores, or calls, done
  bool shares_memory_ = true;
  std::string other_;  // what differs from when the state was found
  std::unique_ptr<CrashImages> images_;
  std::optional<CrashSurvey> calls_;
  std::chrono::milliseconds logging_{0};
};

}  // namespace assay::conformance
