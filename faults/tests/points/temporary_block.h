#pragma once

// A control block in a temporary folder, attached to the test's process, and children that visit points.

#include <sys/wait.h>
#include <unistd.h>
#include <cstdlib>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>

#include "faults/points/points.h"

namespace assay::points {

class TemporaryBlock {
 public:
  explicit TemporaryBlock(const CreateOptions& options = {}) {
    char pattern[] = "/tmp/assay-points-XXXXXX";
    if (mkdtemp(pattern) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = pattern;
    auto made = ControlBlock::create(folder_ + "/control", options);
    if (!made) throw std::runtime_error(made.error().message);
    block_.emplace(std::move(*made));
    attach(&block_->layout());
  }
  ~TemporaryBlock() {
    block_->disarm();
    attach(nullptr);
    set_worker(kNoWorker);
    unlink((folder_ + "/control").c_str());
    rmdir(folder_.c_str());
  }

  ControlBlock* operator->() { return &*block_; }
  ControlBlock& operator*() { return *block_; }
  const std::string& folder() const { return folder_; }

 private:
  std::string folder_;
  std::optional<ControlBlock> block_;
};

// Runs `body` in a forked child, which exits with its result.
inline pid_t in_child(const std::function<int()>& body) {
  const pid_t pid = fork();
  if (pid == 0) _exit(body());
  return pid;
}

// The wait status of a child.
inline int status_of(pid_t pid) {
  int status = 0;
  waitpid(pid, &status, 0);
  return status;
}

}  // namespace assay::points
