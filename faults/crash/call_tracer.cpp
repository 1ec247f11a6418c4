#include "faults/crash/call_tracer.h"

#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "faults/crash/idle.h"

namespace assay::crash {
namespace {

constexpr std::chrono::seconds kIdleLimit{10};
// As in store_tracer.cpp: tells the tracer that the request is over.
constexpr int kOver = SIGURG;

struct CallName {
  std::int64_t number;
  const char* name;
};

#define CALL(name) \
  { SYS_##name, #name }
constexpr CallName kCalls[] = {
    CALL(openat),       CALL(open),         CALL(close),          CALL(read),     CALL(write),    CALL(writev),
    CALL(pwrite64),     CALL(lseek),        CALL(stat),           CALL(lstat),    CALL(fstat),    CALL(newfstatat),
    CALL(flock),        CALL(fcntl),        CALL(mkdir),          CALL(unlink),   CALL(rename),   CALL(linkat),
    CALL(link),         CALL(fsync),        CALL(ftruncate),      CALL(readlink), CALL(getcwd),   CALL(chdir),
    CALL(access),       CALL(mmap),         CALL(munmap),         CALL(brk),      CALL(mprotect), CALL(ioctl),
    CALL(poll),         CALL(accept),       CALL(recvfrom),       CALL(sendto),   CALL(shutdown), CALL(setitimer),
    CALL(times),        CALL(rt_sigaction), CALL(rt_sigprocmask), CALL(futex),    CALL(getpid),   CALL(clock_gettime),
    CALL(gettimeofday), CALL(select),       CALL(epoll_wait)};
#undef CALL

}  // namespace

std::string name_of_call(std::int64_t number) {
  for (const CallName& call : kCalls) {
    if (call.number == number) return call.name;
  }
  return "call " + std::to_string(number);
}

Expected<std::unique_ptr<CallTracer>> CallTracer::attach(pid_t pid) {
  if (auto idle = wait_until_idle(pid, kIdleLimit); !idle)
    return tl::unexpected(idle.error());
  else if (!*idle)
    return failed("process " + std::to_string(pid) + " does not become idle");
  auto tracee = Tracee::attach(pid);
  if (!tracee) return tl::unexpected(tracee.error());
  return std::unique_ptr<CallTracer>(new CallTracer(std::move(*tracee)));
}

Expected<CallRecording> CallTracer::record(const std::function<void()>& operation,
                                           std::optional<std::size_t> kill_after) {
  recording_ = {};
  received_ = false;
  const SameProcessor pinned(tracee_.pid());
  std::atomic<bool> finished = false;
  // By descriptor: the process may be gone by then, and its number another's.
  const int process = static_cast<int>(::syscall(SYS_pidfd_open, tracee_.pid(), 0));
  if (process < 0) return failed(with_errno("cannot open process " + std::to_string(tracee_.pid())));
  if (auto on = tracee_.resume_to_call(); !on) return tl::unexpected(on.error());
  std::thread requester([&] {
    operation();
    finished = true;
    ::syscall(SYS_pidfd_send_signal, process, kOver, nullptr, 0);
  });
  auto followed = follow(kill_after, finished);
  // Whatever went wrong, the requester must get an answer.
  if (!followed) tracee_.kill();
  requester.join();
  ::close(process);
  if (!followed) return tl::unexpected(followed.error());
  return std::move(recording_);
}

// Until the request is over and the process is idle again, or gone.
Expected<void> CallTracer::follow(std::optional<std::size_t> kill_after, const std::atomic<bool>& finished) {
  while (!finished) {
    const auto stop = tracee_.wait();
    if (!stop) return tl::unexpected(stop.error());
    const auto goes_on = handle(*stop, kill_after);
    if (!goes_on) return tl::unexpected(goes_on.error());
    if (!*goes_on) return {};
  }
  const auto end = std::chrono::steady_clock::now() + kIdleLimit;
  while (true) {
    const auto stop = tracee_.poll();
    if (!stop) return tl::unexpected(stop.error());
    if (*stop) {
      const auto goes_on = handle(**stop, kill_after);
      if (!goes_on) return tl::unexpected(goes_on.error());
      if (!*goes_on) return {};
      continue;
    }
    const auto idle = is_idle(tracee_.pid());
    if (idle && *idle) break;
    if (std::chrono::steady_clock::now() > end) return failed("the process does not become idle after its request");
    std::this_thread::sleep_for(std::chrono::microseconds(50));
  }
  if (!kill_after) return tracee_.interrupt();
  tracee_.kill();
  recording_.end = CallRecording::End::kKilled;
  return {};
}

// False when there is nothing more to follow.
Expected<bool> CallTracer::handle(const Tracee::Stop& stop, std::optional<std::size_t> kill_after) {
  if (stop.kind == Tracee::Stop::Kind::kEnded) {
    recording_.end = CallRecording::End::kDied;
    return false;
  }
  int signal = 0;
  if (stop.kind == Tracee::Stop::Kind::kCall) {
    const auto entered = tracee_.entered_call();
    if (!entered) return tl::unexpected(entered.error());
    if (!*entered) {
      received_ = true;
    } else if (received_) {
      if (kill_after && recording_.calls.size() >= *kill_after) {
        tracee_.kill();
        recording_.end = CallRecording::End::kKilled;
        return false;
      }
      recording_.calls.push_back(**entered);
    }
  } else if (stop.kind == Tracee::Stop::Kind::kSignal && stop.signal != kOver) {
    signal = stop.signal;
  }
  if (auto on = tracee_.resume_to_call(signal); !on) return tl::unexpected(on.error());
  return true;
}

}  // namespace assay::crash
