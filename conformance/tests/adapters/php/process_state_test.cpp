#include "conformance/adapters/php/process_state.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <thread>

namespace assay::conformance::php {
namespace {

using namespace std::chrono_literals;

// A child that pauses in a group of its own; killed and reaped at the end.
class PausedChild {
 public:
  PausedChild() : pid_(fork()) {
    if (pid_ == 0) {
      for (;;) pause();
    }
    setpgid(pid_, pid_);
    while (read_process_state(pid_)->state != 'S') std::this_thread::sleep_for(1ms);
  }
  ~PausedChild() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_;
};

TEST(ProcessState, SleepingChild) {
  const PausedChild child;
  const auto state = read_process_state(child.pid());
  ASSERT_TRUE(state);
  EXPECT_EQ(state->parent, getpid());
  EXPECT_EQ(state->group, child.pid());
  EXPECT_EQ(state->state, 'S');
  EXPECT_TRUE(state->is_running());
  EXPECT_FALSE(state->command_line.empty());
  const std::string text = state->describe();
  EXPECT_NE(text.find("process " + std::to_string(child.pid())), std::string::npos) << text;
  EXPECT_NE(text.find("sleeps"), std::string::npos) << text;
  EXPECT_NE(text.find("system call pause"), std::string::npos) << text;
}

TEST(ProcessState, ListsChildrenAndGroup) {
  const PausedChild one;
  const PausedChild two;
  const auto children = children_of(getpid());
  ASSERT_EQ(children.size(), 2u);
  EXPECT_EQ(children[0].pid, one.pid());
  EXPECT_EQ(children[1].pid, two.pid());
  const auto group = processes_of_group(two.pid());
  ASSERT_EQ(group.size(), 1u);
  EXPECT_EQ(group[0].pid, two.pid());
}

TEST(ProcessState, ZombieAndNothing) {
  pid_t pid = 0;
  {
    const PausedChild child;
    pid = child.pid();
    kill(pid, SIGKILL);
    while (read_process_state(pid)->state != 'Z') std::this_thread::sleep_for(1ms);
    EXPECT_FALSE(read_process_state(pid)->is_running());
  }
  EXPECT_FALSE(read_process_state(pid));
}

TEST(ProcessState, CountsProcessorTime) {
  const auto begin = std::chrono::steady_clock::now();
  volatile unsigned work = 0;
  while (std::chrono::steady_clock::now() - begin < 60ms) work = work + 1;
  const auto state = read_process_state(getpid());
  ASSERT_TRUE(state);
  EXPECT_EQ(state->state, 'R');
  EXPECT_GE(state->user_time + state->system_time, 10ms);
}

}  // namespace
}  // namespace assay::conformance::php
