#pragma once

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "faults/points/control_block.h"
#include "faults/points/mapping.h"
#include "faults/points/plan.h"

namespace assay::reference {

// Who takes longer hangs. On a machine that is busy with sixteen other processes a second of work takes a minute.
inline constexpr std::chrono::milliseconds kPatience = std::chrono::minutes(2);

// How a child ended that ran a piece of a test.
enum class ChildEnd { returned, killed, hung, other };

// fork() for children that do not outlive this process.
inline pid_t fork_mortal() {
  const pid_t child = fork();
  if (child == 0) prctl(PR_SET_PDEATHSIG, SIGKILL);
  return child;
}

inline pid_t fork_running(const std::function<void()>& body) {
  const pid_t child = fork_mortal();
  if (child != 0) return child;
  body();
  _exit(0);
}

// Waits for a child and answers its status; one that takes longer than `limit` is killed.
inline int reap(pid_t child, std::chrono::milliseconds limit = kPatience) {
  const auto end = std::chrono::steady_clock::now() + limit;
  int status = 0;
  while (waitpid(child, &status, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() > end) kill(child, SIGKILL);
    std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
  return status;
}

// Runs `body` in a child and waits at most `limit`; one that takes longer is killed and counts as hung.
inline ChildEnd run_in_child(const std::function<void()>& body, std::chrono::milliseconds limit = kPatience) {
  const pid_t child = fork_running(body);
  const auto end = std::chrono::steady_clock::now() + limit;
  int status = 0;
  while (waitpid(child, &status, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() > end) {
      kill(child, SIGKILL);
      waitpid(child, &status, 0);
      return ChildEnd::hung;
    }
    std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) return ChildEnd::killed;
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? ChildEnd::returned : ChildEnd::other;
}

// A control block of this test, attached to this process while it lives.
class Faults {
 public:
  Faults() {
    char pattern[] = "/tmp/assay-faults-XXXXXX";
    folder_ = mkdtemp(pattern);
    block_ = std::make_unique<points::ControlBlock>(std::move(*points::ControlBlock::create(folder_ + "/control")));
    points::attach(&block_->layout());
  }
  ~Faults() {
    points::attach(nullptr);
    std::filesystem::remove_all(folder_);
  }
  void arm(const points::Plan& plan) {
    if (const auto armed = block_->arm(plan); !armed) throw std::runtime_error(armed.error().message);
  }
  void disarm() { block_->disarm(); }
  points::ControlBlock& block() { return *block_; }

  // Runs `body` in a child again and again, killed at its first, second ... visit of `points`, until a run ends by
  // itself; `judge` looks at what is left after each kill. Answers the number of kills, or -1 when a child hung or
  // failed.
  int sweep_kills(const std::string& points, const std::function<void()>& prepare, const std::function<void()>& body,
                  const std::function<void(int)>& judge) {
    for (int n = 1;; ++n) {
      prepare();
      arm({points::kill_at(points, points::once(static_cast<std::uint64_t>(n)))});
      const ChildEnd end = run_in_child(body);
      disarm();
      if (end == ChildEnd::returned) return n - 1;
      if (end != ChildEnd::killed) return -1;
      judge(n);
    }
  }

 private:
  std::string folder_;
  std::unique_ptr<points::ControlBlock> block_;
};

}  // namespace assay::reference
