#include "faults/crash/follow_request.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <optional>
#include <thread>

#include "faults/crash/idle.h"
#include "support/proc/cpu_pin.h"
#include "support/time/time_budget.h"

namespace assay::crash {
namespace {

// Ignored by default, so that a process in no system call notices nothing.
constexpr int kOver = SIGURG;

// How it ended, or nothing where it goes on.
Expected<std::optional<RequestEnd>> handle(Tracee& tracee, const Tracee::Stop& stop, const FollowedBy& by) {
  if (stop.kind == Tracee::Stop::Kind::ended) return RequestEnd::died;
  const bool signalled = stop.kind == Tracee::Stop::Kind::signal;
  Expected<AfterStop> after = AfterStop::take_away;
  if (!signalled || stop.signal != kOver) after = by.at_stop(stop);
  if (!after) return tl::unexpected(after.error());
  if (*after == AfterStop::kill) {
    tracee.kill();
    return RequestEnd::killed;
  }
  const int signal = signalled && *after == AfterStop::go_on ? stop.signal : 0;
  ASSAY_TRY(by.resume(signal));
  return std::nullopt;
}

Expected<RequestEnd> follow(Tracee& tracee, const std::atomic<bool>& finished, const FollowedBy& by) {
  while (!finished) {
    const auto stop = ASSAY_TRY(tracee.wait());
    const auto end = ASSAY_TRY(handle(tracee, stop, by));
    if (end) return *end;
  }
  TimeBudget budget(kIdleLimit);
  while (true) {
    const auto stop = ASSAY_TRY(tracee.poll());
    if (stop) {
      const auto end = ASSAY_TRY(handle(tracee, *stop, by));
      if (end) return *end;
      continue;
    }
    const auto idle = is_idle(tracee.pid());
    if (idle && *idle) break;
    if (const auto left = budget.look(); left != TimeBudget::State::left)
      return too_late(left, "the process does not become idle after its request");
    std::this_thread::sleep_for(std::chrono::microseconds(50));
  }
  if (by.kill_at_end) {
    tracee.kill();
    return RequestEnd::killed;
  }
  ASSAY_TRY(tracee.interrupt());
  return RequestEnd::idle;
}

}  // namespace

Expected<Tracee> attach_when_idle(pid_t pid) {
  const auto idle = ASSAY_TRY(wait_until_idle(pid, kIdleLimit));
  if (!idle) return failure("process " + std::to_string(pid) + " does not become idle");
  return Tracee::attach(pid);
}

Expected<RequestEnd> follow_request(Tracee& tracee, const std::function<void()>& operation, const FollowedBy& by) {
  // By descriptor: the process may be gone by then, and its number another's.
  const int process = static_cast<int>(::syscall(SYS_pidfd_open, tracee.pid(), 0));
  if (process < 0) return failure(with_errno("cannot open process " + std::to_string(tracee.pid())));
  const CpuPin together(tracee.pid());  // stops are handed over twice as fast
  if (auto on = by.resume(0); !on) {
    ::close(process);
    return tl::unexpected(on.error());
  }
  std::atomic<bool> finished = false;
  std::thread requester([&] {
    operation();
    finished = true;
    ::syscall(SYS_pidfd_send_signal, process, kOver, nullptr, 0);
  });
  auto followed = follow(tracee, finished, by);
  // Whatever went wrong, the requester must get an answer.
  if (!followed) tracee.kill();
  requester.join();
  ::close(process);
  return followed;
}

}  // namespace assay::crash
