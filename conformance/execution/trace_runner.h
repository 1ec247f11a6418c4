#pragma once

#include <memory>
#include <optional>

#include "conformance/execution/background_requests.h"
#include "conformance/execution/crash_session.h"
#include "conformance/execution/fault_session.h"
#include "conformance/execution/knowledge.h"
#include "conformance/execution/outside_lock.h"
#include "conformance/execution/rendezvous.h"
#include "conformance/execution/test_bed.h"
#include "conformance/execution/trace_judge.h"
#include "conformance/execution/world.h"

namespace assay::conformance {

// Walks through the steps of one trace on one started runtime: sends requests, carries out actions, has replies judged,
// and tells the monitors what it sees. What it writes down is an Execution.
//
// For one of run(), run_prefix() and run_rest(), once. Used by one thread. The destructor lets the lock go that the
// trace holds, and waits for requests that are still under way.
class TraceRunner {
 public:
  // The trace and the test bed outlive this. `options.make_monitors` is set where there are to be monitors; a
  // configuration with several masters has none, because they follow one runtime.
  TraceRunner(const Trace& trace, TestBed& bed, const ExecutorOptions& options);
  // The same for a run that goes on where another one on this runtime stopped. What that one learnt outlives this.
  TraceRunner(const Trace& trace, TestBed& bed, const ExecutorOptions& options, const Knowledge& before);
  TraceRunner(const TraceRunner&) = delete;
  TraceRunner& operator=(const TraceRunner&) = delete;
  ~TraceRunner();

  // All steps.
  Execution run() { return run_rest(0); }
  // All steps, so that other runs can go on from their end; nothing where not all went well, or where a fault, a
  // request or a followed worker is still under way.
  std::optional<Knowledge> run_prefix();
  // The steps from `first` (from 0) to the last.
  Execution run_rest(std::size_t first);
  // The same where a worker has crashed: everything is judged. Leaves the points to the run in which it crashed.
  Execution run_after_crash(std::size_t first);

 private:
  void walk(std::size_t first);
  Execution finish();
  bool step(std::size_t number);
  bool request(std::size_t number, const Request& request);
  bool crash_in(std::size_t number, const Request& request);
  bool action(std::size_t number, const Action& action);
  bool start_or_reload(std::size_t number, const Action& action);
  Expected<void> act(std::size_t number, const Action& action);
  Expected<void> fault_action(std::size_t number, const Action& action);
  Expected<void> process_action(const Action& action);
  Expected<void> advance_clock(std::chrono::seconds by);
  Expected<void> wait_for_arrival(const std::string& name);
  Expected<void> wait_until_blocked(int worker);

  std::unique_ptr<PendingRequest> begin(const Request& request, std::chrono::milliseconds limit);
  Expected<void> await(BackgroundRequest background);
  bool finish_background();
  void collect(std::size_t step, const Request& request, const Outcome& outcome, std::int64_t began_at);
  void note_unfired_faults();
  bool is_followed_by(std::size_t number, ActionKind kind) const;
  Knowledge learnt() const;

  const Trace& trace_;
  TestBed& bed_;
  const ExecutorOptions options_;
  const Knowledge* before_ = nullptr;
  Execution execution_;
  MonitorSet monitors_;
  TraceJudge judge_;
  FaultSession faults_;
  std::optional<CrashSession> crash_;  // about the next request of its worker
  World world_;
  Rendezvous rendezvous_;
  OutsideLock outside_lock_;
  std::int64_t now_ = clock_start;
  Labelled labelled_;
  BackgroundRequests background_;
  // The actions so far, each with the number of observations that came before it.
  std::vector<std::pair<std::size_t, ActionTaken>> taken_;
};

}  // namespace assay::conformance
