#pragma once

#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <ctime>

namespace assay::conformance {

// One processor on which processes spin: whoever is put there has to wait for it most of the time. They are no children of
// this process, as those of a busy machine are none: what children run counts in a time budget. They end with this, and
// after a minute in any case.
class CrowdedProcessor {
 public:
  CrowdedProcessor() {
    CPU_ZERO(&processor_);
    CPU_SET(sched_getcpu(), &processor_);
    for (pid_t& spinner : spinners_) spinner = start_spinner();
  }
  CrowdedProcessor(const CrowdedProcessor&) = delete;
  CrowdedProcessor& operator=(const CrowdedProcessor&) = delete;
  ~CrowdedProcessor() {
    for (const pid_t spinner : spinners_) {
      if (spinner > 0) kill(spinner, SIGKILL);
    }
  }

  // 0: the caller. It gets a twentieth of the processor or so.
  void put(pid_t process) const {
    EXPECT_EQ(sched_setaffinity(process, sizeof processor_, &processor_), 0);
    EXPECT_EQ(setpriority(PRIO_PROCESS, static_cast<id_t>(process), 10), 0);
  }

 private:
  pid_t start_spinner() const {
    int ends[2];
    if (pipe(ends) != 0) return -1;
    const pid_t between = fork();
    if (between == 0) {
      const pid_t spinner = fork();
      if (spinner != 0) {
        const ssize_t written = write(ends[1], &spinner, sizeof spinner);
        _exit(written == sizeof spinner ? 0 : 1);
      }
      alarm(60);
      sched_setaffinity(0, sizeof processor_, &processor_);
      for (volatile bool spins = true; spins;) {
      }
    }
    pid_t spinner = -1;
    if (read(ends[0], &spinner, sizeof spinner) != sizeof spinner) spinner = -1;
    waitpid(between, nullptr, 0);
    close(ends[0]);
    close(ends[1]);
    return spinner;
  }

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
