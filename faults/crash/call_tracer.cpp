#include "faults/crash/call_tracer.h"

#include <sys/syscall.h>

namespace assay::crash {
namespace {

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
  auto tracee = ASSAY_TRY(attach_when_idle(pid));
  return std::unique_ptr<CallTracer>(new CallTracer(std::move(tracee)));
}

Expected<CallRecording> CallTracer::record(const std::function<void()>& operation,
                                           std::optional<std::size_t> kill_after) {
  recording_ = {};
  received_ = is_interrupted_ = false;
  recording_.end = ASSAY_TRY(
      follow_request(tracee_, operation,
                     {[&](int signal) { return tracee_.resume_to_call(signal); },
                      [&](const Tracee::Stop& stop) { return at_stop(stop, kill_after); }, kill_after.has_value()}));
  return std::move(recording_);
}

Expected<AfterStop> CallTracer::at_stop(const Tracee::Stop& stop, std::optional<std::size_t> kill_after) {
  if (stop.kind != Tracee::Stop::Kind::call) return AfterStop::go_on;
  const auto call = ASSAY_TRY(tracee_.call_stop());
  if (!call.entered) {
    is_interrupted_ = call.is_interrupted;
    received_ = received_ || !is_interrupted_;
    return AfterStop::go_on;
  }
  const std::int64_t number = *call.entered;
  const bool again = is_interrupted_ && (number == latest_ || number == SYS_restart_syscall);
  latest_ = number;
  is_interrupted_ = false;
  if (!received_ || again) return AfterStop::go_on;
  if (kill_after && recording_.calls.size() >= *kill_after) return AfterStop::kill;
  recording_.calls.push_back(number);
  return AfterStop::go_on;
}

}  // namespace assay::crash
