#pragma once

#include <map>
#include <memory>
#include <set>
#include <variant>

#include "conformance/execution/executor.h"
#include "conformance/execution/outside_lock.h"
#include "conformance/execution/world.h"
#include "faults/crash/store_tracer.h"
#include "faults/points/control_block.h"

namespace assay::conformance {

// One run of one trace on one started runtime: walks the steps, judges replies, feeds monitors. Internal to Executor.
class Run {
 public:
  Run(const Trace& trace, Runtime& runtime, const Sandbox& sandbox, points::ControlBlock& control,
      const ExecutorOptions& options, MonitorSet& monitors, Execution& execution);
  ~Run();

  void steps() {
    steps_from(0);
    note_points();
  }
  // The first steps alone, so that other runs can go on from there. True where all went well and nothing is under way.
  bool beginning(std::size_t steps);
  // The steps after a beginning that another run took on the same runtime.
  void rest_of(const Run& beginning, std::size_t first);
  std::int64_t now() const { return now_; }

 private:
  void steps_from(std::size_t first);
  using Seen = std::variant<Observation, ActionTaken>;
  struct CrashScene;

  struct Background {
    std::size_t step;
    std::int64_t began_at;
    std::unique_ptr<PendingRequest> pending;
  };

  bool step(std::size_t number);
  bool request(std::size_t number, const Request& request);
  std::unique_ptr<PendingRequest> begin(const Request& request, std::chrono::milliseconds limit);
  bool action(std::size_t number, const Action& action);
  Expected<void> act(const Action& action);
  Expected<void> process_action(const Action& action);
  Expected<void> fault_action(const Action& action);
  Expected<void> meet(const std::string& name);
  Expected<void> let_part(const std::string& name);
  Expected<void> await(const std::string& name);
  Expected<void> hold_lock(const Action& action);

  // run_crashes.cpp
  bool crash_request(std::size_t number, const Request& request);
  bool killed_for_real(std::size_t number, const Request& request, crash::StoreTracer& tracer);
  bool one_image(std::size_t number, const Request& request, CrashScene& scene, std::size_t stores);
  bool survey(std::size_t number, const Request& request, CrashScene& scene);
  void know(const Run& before);
  Execution judge_crash(std::size_t number, std::chrono::milliseconds limit);
  Expected<void> recover_workers(CrashScene& scene, const Execution& seen);
  bool log_stores(std::size_t number, const Request& request, CrashScene& scene);
  bool is_named_state(const crash::StoreLog& log, std::size_t stores, bool whole);
  void close_crash();
  void died(std::size_t number, const Request& request);
  bool cannot(const Error& why);
  bool killed_at_call(std::size_t number, const Request& request);  // run_call_deaths.cpp

  bool finish_background();
  void abandon_background();
  void collected(std::size_t step, const Request& request, const Outcome& outcome, std::int64_t began_at);
  bool judge(std::size_t step, const Request& request, const Outcome& outcome);
  bool judge_end(std::size_t step, const Request& request, const Outcome& outcome);
  bool judge_exchange(std::size_t step, std::size_t number, const Exchange& exchange, const Reply& reply);
  bool fail(std::size_t step, std::size_t exchange, std::string expected, std::string actual, std::string reason);
  bool error(std::string reason);
  void note_mismatch(const std::string& clause, std::string what);
  std::string clause_of_end(Outcome::Kind kind) const;
  bool has_clause(const std::string& clause) const;
  Expected<void> arm(const Action& action);
  Expected<void> put_in_force();
  bool arms_next() const;
  Expected<void> release(const Action& action);
  Expected<void> settle(int worker);
  Expected<void> settle_at_lock(int worker);
  bool is_over(int worker);
  void count_fired();
  void check_faults_fired();
  void note_points();
  void end_rest();
  void end_count();

  const Trace& trace_;
  Runtime& runtime_;
  const Sandbox& sandbox_;
  points::ControlBlock& control_;
  ExecutorOptions options_;
  MonitorSet& monitors_;
  Execution& execution_;
  World world_;
  OutsideLock outside_lock_;
  std::int64_t now_ = clock_start;
  Labelled labelled_;
  std::map<std::string, Background> background_;
  std::set<int> killed_;  // workers killed during a background request that was not awaited yet
  // A planned fault, and what became of it under plans that are no longer in force.
  struct Planned {
    points::Fault fault;
    bool must_fire = true;
    std::uint64_t fired = 0;
  };
  std::vector<Planned> plan_;
  std::vector<std::string> unfired_;
  // A stock program's visits are counted also while nothing is armed, its start included: those are taken off.
  // Each by the numbers of the control block's known points; empty: nothing counted.
  std::vector<points::Tally> rest_began_;
  std::vector<std::uint64_t> unarmed_;
  bool has_armed_ = false, at_rest_ = true;
  bool arms_more_ = false;  // the plan is put in force when the last fault of a row is known
  std::optional<std::vector<points::Tally>> count_began_;
  std::size_t step_ = 0;
  std::optional<Action> explore_;  // the next request of its worker is followed
  // After a death everything is judged, and a mismatch ends nothing: the first one of each clause is kept.
  bool after_crash_ = false;
  std::map<std::string, std::string> mismatches_;
  std::int64_t state_ = 0;
  std::string other_state_;  // why the state may be another than the one that was asked for
  bool keeps_history_ = false;
  std::vector<Seen> history_;  // what monitors were told
};

// Closes the monitors and takes over what they found.
void finish_monitors(MonitorSet& monitors, Execution& execution);

}  // namespace assay::conformance
