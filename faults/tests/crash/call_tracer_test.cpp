#include "faults/crash/call_tracer.h"

#include <gtest/gtest.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>

#include <algorithm>
#include <thread>

#include "faults/crash/idle.h"
#include "faults/tests/crash/server_process.h"

namespace assay::crash {
namespace {

// Two calls, and between them a byte that tells how far it came.
void two_calls(volatile std::byte* memory) {
  ::syscall(SYS_getppid);
  memory[0] = std::byte{1};
  ::syscall(SYS_getuid);
  memory[0] = std::byte{2};
}

// The two, the answer, and the wait for the next request.
const std::vector<std::int64_t> kCalls = {SYS_getppid, SYS_getuid, SYS_write, SYS_read};

CallRecording recorded_calls(ServerProcess& server, std::optional<std::size_t> kill_after = {},
                             bool* answered = nullptr) {
  auto tracer = CallTracer::attach(server.pid());
  if (!tracer) {
    ADD_FAILURE() << tracer.error().message;
    return {};
  }
  auto recording = (*tracer)->record(
      [&] {
        const bool answer = server.request();
        if (answered) *answered = answer;
      },
      kill_after);
  if (!recording) {
    ADD_FAILURE() << recording.error().message;
    return {};
  }
  return std::move(*recording);
}

TEST(CallTracer, ListsTheCallsOfARequestFromItsReceiptOn) {
  ServerProcess server(two_calls);
  const CallRecording recording = recorded_calls(server);
  EXPECT_EQ(recording.end, RequestEnd::idle);
  EXPECT_EQ(recording.calls, kCalls);
}

TEST(CallTracer, StartsAnewWithEachRequest) {
  ServerProcess server(two_calls);
  auto tracer = CallTracer::attach(server.pid());
  ASSERT_TRUE(tracer.has_value()) << tracer.error().message;
  for (int i = 0; i < 3; ++i) {
    const auto recording = (*tracer)->record([&] { (void)server.request(); });
    ASSERT_TRUE(recording.has_value()) << recording.error().message;
    EXPECT_EQ(recording->calls, kCalls) << i;
  }
}

TEST(CallTracer, LetsTheProcessServeOnAfterwards) {
  ServerProcess server(two_calls);
  recorded_calls(server);
  server.memory()[0] = std::byte{0};
  EXPECT_TRUE(server.request());
  EXPECT_EQ(server.memory()[0], std::byte{2});
  EXPECT_TRUE(WIFEXITED(server.end()));
}

TEST(CallTracer, KillsRightBeforeTheNextCall) {
  for (std::size_t k = 0; k <= kCalls.size(); ++k) {
    ServerProcess server(two_calls);
    bool answered = false;
    const CallRecording recording = recorded_calls(server, k, &answered);
    EXPECT_EQ(recording.end, RequestEnd::killed) << k;
    EXPECT_EQ(recording.calls, std::vector(kCalls.begin(), kCalls.begin() + static_cast<std::ptrdiff_t>(k)));
    EXPECT_EQ(server.memory()[0], static_cast<std::byte>(std::min<std::size_t>(k, 2))) << k;
    EXPECT_EQ(answered, k >= 3) << "after " << k << " calls; the third one is the answer";
    const int status = server.end();
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << "it is left to its parent to be reaped";
  }
}

TEST(CallTracer, KillsItIdleWhenItMakesFewerCalls) {
  ServerProcess server(two_calls);
  bool answered = false;
  const CallRecording recording = recorded_calls(server, 100, &answered);
  EXPECT_EQ(recording.end, RequestEnd::killed);
  EXPECT_EQ(recording.calls, kCalls);
  EXPECT_TRUE(answered);
  EXPECT_TRUE(WIFSIGNALED(server.end()));
}

TEST(CallTracer, NoticesADeathInTheRequest) {
  ServerProcess server([](volatile std::byte*) { ::_exit(3); });
  bool answered = true;
  const CallRecording recording = recorded_calls(server, {}, &answered);
  EXPECT_EQ(recording.end, RequestEnd::died);
  EXPECT_EQ(recording.calls, std::vector<std::int64_t>{SYS_exit_group});
  EXPECT_FALSE(answered);
}

volatile std::byte* seen_signal = nullptr;

TEST(CallTracer, HandsSignalsOn) {
  ServerProcess server([](volatile std::byte* memory) {
    seen_signal = memory;
    ::signal(SIGUSR1, [](int) { seen_signal[1] = std::byte{1}; });
    ::raise(SIGUSR1);
  });
  const CallRecording recording = recorded_calls(server);
  EXPECT_EQ(recording.end, RequestEnd::idle);
  EXPECT_EQ(server.memory()[1], std::byte{1});
}

TEST(CallTracer, RefusesAProcessWithSeveralThreads) {
  ServerProcess server([](volatile std::byte*) { std::thread([] { ::pause(); }).detach(); });
  ASSERT_TRUE(server.request());
  const auto tracer = CallTracer::attach(server.pid());
  ASSERT_FALSE(tracer.has_value());
  EXPECT_EQ(tracer.error().kind, Error::Kind::refused);
  EXPECT_NE(tracer.error().message.find("several threads"), std::string::npos) << tracer.error().message;
}

TEST(CallTracer, SaysThatItIsRefusedWhereAnotherTracerIs) {
  ServerProcess server(two_calls);
  ASSERT_TRUE(*wait_until_idle(server.pid(), std::chrono::seconds(5)));
  std::thread([&] {
    ASSERT_EQ(::ptrace(PTRACE_SEIZE, server.pid(), nullptr, nullptr), 0);
    const auto tracer = CallTracer::attach(server.pid());
    ASSERT_FALSE(tracer.has_value());
    EXPECT_EQ(tracer.error().kind, Error::Kind::refused);
    ::ptrace(PTRACE_INTERRUPT, server.pid(), nullptr, nullptr);
    ::waitpid(server.pid(), nullptr, __WALL);
    ::ptrace(PTRACE_DETACH, server.pid(), nullptr, nullptr);
  }).join();
}

TEST(NameOfCall, IsTheNameOrTheNumber) {
  EXPECT_EQ(name_of_call(SYS_openat), "openat");
  EXPECT_EQ(name_of_call(SYS_flock), "flock");
  EXPECT_EQ(name_of_call(4711), "call 4711");
}

}  // namespace
}  // namespace assay::crash
