#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "support/time/time_budget.h"

namespace assay {

// A time budget of this process and all below it that a thread of its own looks at: for whoever has other things to do
// than to wait, and would look only when nobody it watches is at work. state() may be asked from any thread.
class WatchedBudget {
 public:
  explicit WatchedBudget(std::chrono::nanoseconds limit);
  WatchedBudget(const WatchedBudget&) = delete;
  WatchedBudget& operator=(const WatchedBudget&) = delete;
  ~WatchedBudget();

  TimeBudget::State state() const { return state_; }

 private:
  void watch();

  TimeBudget budget_;
  std::atomic<TimeBudget::State> state_;
  std::mutex mutex_;
  std::condition_variable over_;
  bool is_over_ = false;
  std::thread watcher_;
};

}  // namespace assay
