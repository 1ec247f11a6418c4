#include "faults/crash/follow_request.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <optional>
#include <thread>

#include "faults/crash/idle.h"

namespace assay::crash {
namespace {

// Ignored by default, so that a process in no system call notices nothing.
constexpr int kOver = SIGURG;

// How it ended, or nothing where it goes on.
Expected<std::optional<RequestEnd>> handle(Tracee& tracee, const Tracee::Stop& stop, const FollowedBy& by) {
  if (stop.kind == Tracee::Stop::Kind::kEnded) return RequestEnd::kDied;
  const bool signalled = stop.kind == Tracee::Stop::Kind::kSignal;
  Expected<AfterStop> after = AfterStop::kTakeAway;
  if (!signalled || stop.signal != kOver) after = by.at_stop(stop);
  if (!after) return tl::unexpected(after.error());
  if (*after == AfterStop::kKill) {
    tracee.kill();
    return RequestEnd::kKilled;
  }
  const int signal = signalled && *after == AfterStop::kGoOn ? stop.signal : 0;
  if (auto on = by.resume(signal); !on) return tl::unexpected(on.error());
  return std::nullopt;
}

Expected<RequestEnd> follow(Tracee& tracee, const std::atomic<bool>& finished, const FollowedBy& by) {
  while (!finished) {
    const auto stop = tracee.wait();
    if (!stop) return tl::unexpected(stop.error());
    const auto end = handle(tracee, *stop, by);
    if (!end) return tl::unexpected(end.error());
    if (*end) return **end;
  }
  const auto limit = std::chrono::steady_clock::now() + kIdleLimit;
  while (true) {
    const auto stop = tracee.poll();
    if (!stop) return tl::unexpected(stop.error());
    if (*stop) {
      const auto end = handle(tracee, **stop, by);
      if (!end) return tl::unexpected(end.error());
      if (*end) return **end;
      continue;
    }
    const auto idle = is_idle(tracee.pid());
    if (idle && *idle) break;
    if (std::chrono::steady_clock::now() > limit) return failed("the process does not become idle after its request");
    std::this_thread::sleep_for(std::chrono::microseconds(50));
  }
  if (by.kill_at_end) {
    tracee.kill();
    return RequestEnd::kKilled;
  }
  if (auto stopped = tracee.interrupt(); !stopped) return tl::unexpected(stopped.error());
  return RequestEnd::kIdle;
}

}  // namespace

Expected<Tracee> attach_when_idle(pid_t pid) {
  const auto idle = wait_until_idle(pid, kIdleLimit);
  if (!idle) return tl::unexpected(idle.error());
  if (!*idle) return failed("process " + std::to_string(pid) + " does not become idle");
  return Tracee::attach(pid);
}

Expected<RequestEnd> follow_request(Tracee& tracee, const std::function<void()>& operation, const FollowedBy& by) {
  // By descriptor: the process may be gone by then, and its number another's.
  const int process = static_cast<int>(::syscall(SYS_pidfd_open, tracee.pid(), 0));
  if (process < 0) return failed(with_errno("cannot open process " + std::to_string(tracee.pid())));
  const SameProcessor pinned(tracee.pid());
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
