#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "support/error.h"
#include "support/time/machine_delay.h"

namespace assay {

// A limit that a busy machine does not change. It counts real time but for that in which the machine let the watched
// processes wait (MachineDelay), and but for that in which nobody looked: the suite's own lateness is no fault of whom
// it waits for. What one of the watched ran counts in any case. So whoever is blocked, or spins on a processor, uses it
// up; whoever waits for a processor does not.
//
// Whoever waits looks again and again: waits for at most to_next_look(), then calls look(). Nothing is read before the
// first one is due, so that what is quick costs nothing; that first wait is free. Movable; used by one thread.
class TimeBudget {
 public:
  using Clock = std::chrono::steady_clock;
  using Watch = std::function<MachineDelay::Seen(Clock::time_point)>;  // since it was last asked; at first nothing

  enum class State {
    left,
    spent,      // it was watched for the whole limit, and could have gone on all the time
    undecided,  // far longer than the limit has passed in real time (ceiling()), and not a quarter of it could be counted
  };

  // Watches this process and all below it.
  explicit TimeBudget(std::chrono::nanoseconds limit);
  TimeBudget(std::chrono::nanoseconds limit, std::vector<pid_t> roots);
  TimeBudget(std::chrono::nanoseconds limit, Watch watch, Clock::time_point now);

  // Counts what has passed since the last look; too early, it says what that one said.
  State look(Clock::time_point now = Clock::now());
  std::chrono::nanoseconds to_next_look(Clock::time_point now = Clock::now()) const;
  // The same for poll(2): whole milliseconds, rounded up.
  int milliseconds_to_next_look() const;

  // For a message: "5.0 s counted of 61.2 s".
  std::chrono::nanoseconds counted() const { return counted_; }
  // Real time. It starts anew with each quarter of the limit that was counted: whoever gets on, however slowly, ends or
  // uses up the limit.
  std::chrono::nanoseconds ceiling() const;

 private:
  std::chrono::nanoseconds limit_;
  std::chrono::nanoseconds slice_;
  Watch watch_;
  Clock::time_point last_look_;
  Clock::time_point quarter_began_;
  std::chrono::nanoseconds counted_{0};
  std::chrono::nanoseconds quarter_counted_{0};
  // Delay that became known in a look and is of an earlier one, which counted it: who ran for an instant, and waits
  // since, has no count of that yet. The next look takes it off. So little that who hangs is told soon all the same.
  std::chrono::nanoseconds late_delay_{0};
  bool has_begun_ = false;
  State state_;
};

// Why a wait was given up, as an error: "WHAT", or, where it is undecided, a refusal that says so.
tl::unexpected<Error> too_late(TimeBudget::State state, const std::string& what);
// What is said of whatever is undecided.
std::string undecided(const std::string& what);

}  // namespace assay
