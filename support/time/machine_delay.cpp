#include "support/time/machine_delay.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <sstream>
#include <utility>

#include "support/proc/process_tree.h"

namespace assay {
namespace {

using std::chrono::nanoseconds;

nanoseconds from_ticks(long long ticks) {
  static const long long per_second = sysconf(_SC_CLK_TCK);
  return nanoseconds(ticks * (1'000'000'000 / per_second));
}

struct Counts {
  long long on_processor = 0;
  long long queued = 0;
};

// "RUN WAIT SLICES", in nanoseconds. Zeros where the kernel keeps no such counts.
Counts counts_in(const std::string& schedstat) {
  Counts counts;
  std::istringstream(schedstat) >> counts.on_processor >> counts.queued;
  return counts;
}

// Whoever asks has run: without a count of that there is none at all.
bool keeps_counts(const std::string& proc) {
  return counts_in(proc_text(proc + "/self/schedstat")).on_processor > 0;
}

}  // namespace

MachineDelay::MachineDelay(std::vector<pid_t> roots, std::string proc, int processors)
    : roots_(std::move(roots)),
      proc_(std::move(proc)),
      processors_(processors > 0 ? processors : static_cast<int>(sysconf(_SC_NPROCESSORS_ONLN))),
      has_counts_(keeps_counts(proc_)) {}

bool MachineDelay::read(pid_t pid, pid_t thread, Thread& into) const {
  const std::string task = proc_ + "/" + std::to_string(pid) + "/task/" + std::to_string(thread);
  std::istringstream fields(fields_after_name(proc_text(task + "/stat")));
  long long skipped = 0, user = 0, system = 0;
  fields >> into.state;
  for (int field = 4; field <= 13; ++field) fields >> skipped;
  if (!(fields >> user >> system)) return false;
  into.on_processor = from_ticks(user + system);
  if (!has_counts_) return true;
  const Counts counts = counts_in(proc_text(task + "/schedstat"));
  into.on_processor = nanoseconds(counts.on_processor);
  into.queued = nanoseconds(counts.queued);
  return true;
}

// The kernel counts a wait when it is over, so that one which lasts is added: that of a thread which is ready and has
// not run since the last look. When its count comes, what was added is taken off.
nanoseconds MachineDelay::advance(Thread& known, const Thread& seen, Clock::time_point now) const {
  const nanoseconds passed = now - last_look_;
  const nanoseconds ran = seen.on_processor - known.on_processor;
  const bool is_ready = seen.state == 'R';
  if (seen.state == 'D' && ran == nanoseconds::zero()) known.held_up += passed;
  if (is_ready && !has_counts_) known.held_up += std::max(passed - ran, nanoseconds::zero());
  const bool is_stuck = is_ready && has_counts_ && ran == nanoseconds::zero();
  if (is_stuck && !known.is_stuck) known.stuck_since = last_look_;
  known.is_stuck = is_stuck;
  known.on_processor = seen.on_processor;
  known.queued = seen.queued;
  const nanoseconds all =
      known.queued + known.held_up + (is_stuck ? nanoseconds(now - known.stuck_since) : nanoseconds::zero());
  const nanoseconds fresh = std::max(all - known.reported, nanoseconds::zero());
  known.reported = std::max(all, known.reported);
  return fresh;
}

// Of the time since the last look, what one that is ready did not get where all that are ready share alike:
// "0.20 0.18 0.12 RUNNING/ALL LAST".
nanoseconds MachineDelay::share_of_others(Clock::time_point now) const {
  std::istringstream load(proc_text(proc_ + "/loadavg"));
  double average = 0;
  int running = 0;
  if (!(load >> average >> average >> average >> running) || running <= processors_) return nanoseconds::zero();
  const nanoseconds passed = now - last_look_;
  return passed - passed * processors_ / running;
}

MachineDelay::Seen MachineDelay::look(Clock::time_point now) {
  std::map<pid_t, Thread> present;
  Seen all;
  bool is_somebody_ready = false;
  const pid_t self = static_cast<pid_t>(syscall(SYS_gettid));
  const auto look_at = [&](pid_t pid) {
    for (const pid_t id : threads_of(pid, proc_)) {
      Thread seen;
      if (!read(pid, id, seen)) continue;
      is_somebody_ready = is_somebody_ready || (seen.state == 'R' && id != self);
      const auto known = threads_.find(id);
      if (known != threads_.end()) {
        if (id != self) all.ran = std::max(all.ran, seen.on_processor - known->second.on_processor);
        all.delay += advance(known->second, seen, now);
        present.emplace(id, known->second);
        continue;
      }
      seen.reported = seen.queued;
      if (has_begun_) all.delay += seen.queued;  // born since
      present.emplace(id, seen);
    }
  };
  for (const pid_t root : roots_) {
    look_at(root);
    for (const pid_t below : descendants_of(root, proc_)) look_at(below);
  }
  if (has_begun_ && is_somebody_ready) all.delay = std::max(all.delay, share_of_others(now));
  threads_ = std::move(present);
  last_look_ = now;
  has_begun_ = true;
  return all;
}

}  // namespace assay
