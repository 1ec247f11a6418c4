#pragma once

#include <sys/types.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "conformance/execution/execution.h"
#include "conformance/vocabulary/action.h"
#include "faults/points/control_block.h"

namespace assay::conformance {

// The faults of one run: the plan that its actions arm, what became of it, and what the points saw. Used by one thread.
//
// What counts is what happened while something was armed. The points of a stock program are counted always, its start
// included: those visits are taken off again.
class FaultSession {
 public:
  // The control block belongs to the runtime, and outlives this.
  explicit FaultSession(points::ControlBlock& control) : control_(control) {}

  // Adds a fault to the plan: what fired already is over, the others are counted from here. `more_follow`: the next
  // step adds another one, and the plan is put in force with that. An error names a point or effect that does not
  // exist, and those that come nearest.
  Expected<void> arm(const Action& action, bool more_follow);
  // Ends the plan; paused workers continue.
  void disarm();
  // Ends the plan and takes stock of it; leaves it in force.
  void close_plan();

  // Lets workers that are paused at a point continue: that of the action, or else the next one, which is waited for
  // (ten seconds).
  Expected<void> unpause(const Action& action);
  // Waits until the worker is paused at a point, its process waits for a lock (without a point of its own: that of a
  // target that we see only from outside), or `is_over` says that its request has ended; an error after ten seconds.
  Expected<void> wait_until_paused(int worker, std::optional<pid_t> process, const std::function<bool()>& is_over);

  // That worker was waited for: what was visited since the one before was visited in its turn.
  void end_turn(int worker);

  bool is_armed() const { return !plan_.empty(); }
  bool has_armed() const { return has_armed_; }  // at any time in this run
  // The faults of closed plans that had to fire and did not, as text.
  const std::vector<std::string>& unfired() const { return unfired_; }

  // Adds faults fired, points reached and visits counted to what the run shows. Once, at its end. Of a run that armed
  // nothing: where a stock program came to.
  void report(Execution& into);

 private:
  struct Planned {
    points::Fault fault;
    bool must_fire = true;
    std::uint64_t fired = 0;  // under plans that are no longer in force
  };
  Expected<void> put_in_force();
  void count_fired();
  void begin_rest();
  void end_rest();
  void end_count();
  // The points that were visited between the two, and how often.
  std::map<std::string, std::uint64_t> visits_between(const std::vector<points::Tally>& before,
                                                      const std::vector<points::Tally>& after) const;

  points::ControlBlock& control_;
  std::vector<Planned> plan_;
  std::vector<std::string> unfired_;
  std::uint64_t fired_ = 0;
  bool has_armed_ = false;
  bool is_growing_ = false;  // the plan is put in force when the last fault of a row is known
  // Each by the numbers of the control block's known points; `rest_began_` empty: nothing counted yet.
  bool is_at_rest_ = true;
  std::vector<points::Tally> rest_began_;
  std::vector<std::uint64_t> visits_at_rest_;
  std::optional<std::vector<points::Tally>> count_began_;  // of an action that counts all points
  std::map<std::string, std::uint64_t> counted_;
  std::vector<points::Tally> turn_began_;
  std::vector<std::pair<int, std::vector<points::Tally>>> turns_;  // each worker, and the tallies when its turn ended
};

}  // namespace assay::conformance
