#include "support/time/machine_delay.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <optional>
#include <thread>

#include "support/tests/fake_proc.h"

namespace assay {
namespace {

using namespace std::chrono_literals;

// A watched process 10, looked at by a clock of the test's own.
class MachineDelayOfAFake : public testing::Test {
 protected:
  std::chrono::milliseconds after(std::chrono::milliseconds passed) {
    now_ += passed;
    return std::chrono::duration_cast<std::chrono::milliseconds>((seen_ = delay_->look(now_)).delay);
  }
  void begin() {
    delay_.emplace(std::vector<pid_t>{10}, proc_.path(), 2);
    EXPECT_EQ(after(0ms), 0ms);
  }

  FakeProc proc_;
  MachineDelay::Clock::time_point now_{};
  std::optional<MachineDelay> delay_;
  MachineDelay::Seen seen_;
};

TEST_F(MachineDelayOfAFake, IsNoneForWhoSleeps) {
  proc_.process(10, 'S', 5, 900);
  begin();
  EXPECT_EQ(after(100ms), 0ms) << "what it waited before the first look is past";
}

TEST_F(MachineDelayOfAFake, IsNoneForWhoRuns) {
  proc_.process(10, 'R', 5, 0);
  begin();
  proc_.process(10, 'R', 105, 0);
  EXPECT_EQ(after(100ms), 0ms);
  EXPECT_EQ(seen_.ran, 100ms);
}

TEST_F(MachineDelayOfAFake, IsWhatTheKernelCounted) {
  proc_.process(10, 'S', 5, 900);
  begin();
  proc_.process(10, 'S', 15, 960);
  EXPECT_EQ(after(100ms), 60ms);
  EXPECT_EQ(after(100ms), 0ms);
}

TEST_F(MachineDelayOfAFake, HasAWaitThatLastsAndCountsItOnce) {
  proc_.process(10, 'R', 0, 0);
  begin();
  EXPECT_EQ(after(100ms), 100ms) << "ready, and it has not run";
  EXPECT_EQ(after(100ms), 100ms);
  proc_.process(10, 'R', 20, 250);
  EXPECT_EQ(after(100ms), 50ms);
}

TEST_F(MachineDelayOfAFake, HasTheTimeOfWhoSleepsUninterruptibly) {
  proc_.process(10, 'D', 5, 0);
  begin();
  EXPECT_EQ(after(100ms), 100ms);
  proc_.process(10, 'S', 6, 30);
  EXPECT_EQ(after(100ms), 30ms) << "a wait for a processor comes on top";
}

TEST_F(MachineDelayOfAFake, CountsAllThreadsAndProcessesBelow) {
  proc_.process(10, 'S', 5, 0);
  proc_.children(10, "20");
  proc_.thread(10, 11, 'S', 5, 0);
  proc_.process(20, 'S', 5, 0);
  begin();
  proc_.thread(10, 11, 'S', 6, 10);
  proc_.process(20, 'S', 6, 30);
  EXPECT_EQ(after(100ms), 40ms);
}

TEST_F(MachineDelayOfAFake, CountsTheWholeWaitOfWhoWasBornSince) {
  proc_.process(10, 'S', 5, 0);
  begin();
  proc_.children(10, "20");
  proc_.process(20, 'S', 5, 70);
  EXPECT_EQ(after(100ms), 70ms);
  proc_.end(20);
  EXPECT_EQ(after(100ms), 0ms);
}

TEST_F(MachineDelayOfAFake, IsWhatIsNotOnAProcessorWhereTheKernelKeepsNoCounts) {
  proc_.keeps_no_counts();
  proc_.process(10, 'R', 0, 0);
  begin();
  proc_.process(10, 'R', 30, 0);
  EXPECT_EQ(after(100ms), 70ms);
  proc_.process(10, 'S', 30, 0);
  EXPECT_EQ(after(100ms), 0ms);
}

TEST_F(MachineDelayOfAFake, HasTheShareOfTheOthersInALongQueue) {
  proc_.running(2);
  proc_.process(10, 'S', 5, 0);
  proc_.children(10, "20");
  proc_.process(20, 'R', 5, 0);
  begin();
  proc_.end(20);
  proc_.children(10, "21");
  proc_.process(21, 'R', 1, 0);
  EXPECT_EQ(after(100ms), 0ms) << "a processor for each";
  proc_.running(10);
  proc_.process(21, 'R', 21, 30);
  EXPECT_EQ(after(100ms), 80ms) << "what others waited that died meanwhile has no count";
  proc_.process(21, 'S', 41, 30);
  EXPECT_EQ(after(100ms), 0ms) << "nobody of the watched is in the queue";
}

// Two that spin on one processor: each waits for the other about half of the time.
TEST(MachineDelay, OfTwoOnOneProcessorIsAboutTheTimeThatPasses) {
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(sched_getcpu(), &one);
  pid_t children[2];
  for (pid_t& child : children) {
    child = fork();
    if (child == 0) {
      sched_setaffinity(0, sizeof one, &one);
      for (volatile bool spins = true; spins;) {
      }
    }
  }
  MachineDelay delay({children[0], children[1]});
  const auto began = MachineDelay::Clock::now();
  delay.look(began);
  std::chrono::nanoseconds waited{0};
  MachineDelay::Clock::time_point now = began;
  while (now - began < 500ms) {
    std::this_thread::sleep_for(20ms);
    waited += delay.look(now = MachineDelay::Clock::now()).delay;
  }
  EXPECT_GT(waited, (now - began) * 7 / 10);
  for (const pid_t child : children) {
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
  }
}

TEST(MachineDelay, OfAStoppedProcessIsNone) {
  const pid_t child = fork();
  if (child == 0) {
    for (volatile bool spins = true; spins;) {
    }
  }
  kill(child, SIGSTOP);
  waitpid(child, nullptr, WUNTRACED);
  MachineDelay delay({child});
  delay.look();
  std::this_thread::sleep_for(50ms);
  EXPECT_EQ(delay.look().delay, 0ns);
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
}

}  // namespace
}  // namespace assay
