#include "support/time/watched_budget.h"

namespace assay {

WatchedBudget::WatchedBudget(std::chrono::nanoseconds limit)
    : budget_(limit), state_(budget_.look()), watcher_([this] { watch(); }) {}

WatchedBudget::~WatchedBudget() {
  {
    const std::lock_guard guard(mutex_);
    is_over_ = true;
  }
  over_.notify_one();
  watcher_.join();
}

void WatchedBudget::watch() {
  std::unique_lock guard(mutex_);
  while (state_ == TimeBudget::State::left) {
    if (over_.wait_for(guard, budget_.to_next_look(), [this] { return is_over_; })) return;
    state_ = budget_.look();
  }
}

}  // namespace assay
