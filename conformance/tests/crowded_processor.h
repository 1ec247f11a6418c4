#pragma once

#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <ctime>

namespace assay::conformance {

// One processor on which processes spin: whoever is put there has to wait for it most of the time. They end with this.
class CrowdedProcessor {
 public:
  CrowdedProcessor() {
    CPU_ZERO(&processor_);
    CPU_SET(sched_getcpu(), &processor_);
    for (pid_t& spinner : spinners_) {
      spinner = fork();
      if (spinner != 0) continue;
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      sched_setaffinity(0, sizeof processor_, &processor_);
      for (volatile bool spins = true; spins;) {
      }
    }
  }
  CrowdedProcessor(const CrowdedProcessor&) = delete;
  CrowdedProcessor& operator=(const CrowdedProcessor&) = delete;
  ~CrowdedProcessor() {
    for (const pid_t spinner : spinners_) {
      kill(spinner, SIGKILL);
      waitpid(spinner, nullptr, 0);
    }
  }

  // 0: the caller. It gets a twentieth of the processor or so.
  void put(pid_t process) const {
    EXPECT_EQ(sched_setaffinity(process, sizeof processor_, &processor_), 0);
    EXPECT_EQ(setpriority(PRIO_PROCESS, static_cast<id_t>(process), 10), 0);
  }

 private:
  cpu_set_t processor_;
  std::array<pid_t, 2> spinners_{};
};

// Uses up so much time on a processor, however long that takes.
inline void work_for(std::chrono::milliseconds time) {
  timespec now{};
  const auto used = [&now] {
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
  };
  for (const auto end = used() + time; used() < end;) {
  }
}

}  // namespace assay::conformance
