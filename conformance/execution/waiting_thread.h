#pragma once

#include <chrono>
#include <future>
#include <span>
#include <thread>

#include "conformance/adapter/target.h"
#include "faults/points/control_block.h"

namespace assay::conformance {

// A request that a thread waits for in Worker::execute: any adapter can serve it, and its outcome is stamped when it
// comes, whoever looks. The destructor waits for its end.
class WaitingThread final : public PendingRequest {
 public:
  // All arguments live as long as this.
  WaitingThread(Worker& worker, std::span<const Exchange> exchanges, std::chrono::milliseconds limit,
                points::ControlBlock& control) {
    std::packaged_task<Expected<Outcome>()> task(
        [&worker, exchanges, limit] { return worker.execute(exchanges, limit); });
    outcome_ = task.get_future();
    thread_ = std::thread([&control, task = std::move(task)]() mutable {
      task();
      control.wake_waiters();
    });
  }
  WaitingThread(const WaitingThread&) = delete;
  WaitingThread& operator=(const WaitingThread&) = delete;
  ~WaitingThread() override {
    if (thread_.joinable()) thread_.join();
  }

  bool is_over() override { return outcome_.wait_for(std::chrono::seconds::zero()) == std::future_status::ready; }
  Expected<Outcome> outcome() override {
    thread_.join();
    return outcome_.get();
  }

 private:
  std::future<Expected<Outcome>> outcome_;
  std::thread thread_;
};

}  // namespace assay::conformance
