#pragma once

#include <sys/types.h>

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace assay {

// For how long some processes could not go on for a reason that is the machine's and not theirs: their threads were
// ready to run and had no processor (the kernel's count in /proc/PID/task/TID/schedstat, or, where that is not compiled
// in, what is left of the time beside that on a processor, in /proc/PID/task/TID/stat), or slept uninterruptibly, for a
// disk say. Time asleep in any other way and time on a processor are theirs.
//
// What was born and died between two looks has left no count. So at each look the length of the machine's queue (in
// /proc/loadavg) is taken for all of the time since the last one: where somebody of the watched is ready, and more are
// than there are processors, each gets its share, and the rest is delay. Of this and the counts the larger one holds.
// Looks that come at moments which the watched have no part in choosing make that right on average.
//
// Movable; used by one thread.
class MachineDelay {
 public:
  using Clock = std::chrono::steady_clock;

  // Of these processes and all below them, whoever that is at each look. `proc` is where procfs is mounted; 0
  // processors: as many as this machine has.
  explicit MachineDelay(std::vector<pid_t> roots, std::string proc = "/proc", int processors = 0);

  // What happened since the last look. The first look begins and finds nothing.
  struct Seen {
    std::chrono::nanoseconds delay{0};
    std::chrono::nanoseconds ran{0};  // the longest that one thread was on a processor
  };
  // The delay is summed over all threads, so that it may be more than has passed: what several were
  // kept waiting for at the same time counts for each. The calling thread, which runs, is not taken for one that is
  // ready, nor for the one that ran longest.
  Seen look(Clock::time_point now = Clock::now());

 private:
  struct Thread {
    char state = '?';
    std::chrono::nanoseconds on_processor{0};
    std::chrono::nanoseconds queued{0};    // as the kernel says: waits that are over
    std::chrono::nanoseconds held_up{0};   // what no count of the kernel's contains
    std::chrono::nanoseconds reported{0};  // of all that
    Clock::time_point stuck_since;         // queued since then, as far as was seen
    bool is_stuck = false;
  };

  bool read(pid_t pid, pid_t thread, Thread& into) const;
  std::chrono::nanoseconds advance(Thread& known, const Thread& seen, Clock::time_point now) const;
  std::chrono::nanoseconds share_of_others(Clock::time_point now) const;

  std::vector<pid_t> roots_;
  std::string proc_;
  int processors_;
  bool has_counts_;
  bool has_begun_ = false;
  Clock::time_point last_look_;
  std::map<pid_t, Thread> threads_;
};

}  // namespace assay
