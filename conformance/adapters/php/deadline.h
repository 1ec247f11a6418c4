#pragma once

#include <chrono>
#include <memory>

#include "support/time/time_budget.h"

namespace assay::conformance::php {

// A limit by which something must have happened: of a TimeBudget, so that a busy machine does not bring it nearer.
// Copies share the budget. Used by one thread, which looks again and again: waits at most milliseconds_to_wait(), then
// asks.
class Deadline {
 public:
  static Deadline after(std::chrono::nanoseconds limit) { return Deadline(std::make_shared<TimeBudget>(limit)); }
  // One that has passed, for a look without waiting.
  static Deadline at_once() { return after(std::chrono::nanoseconds::zero()); }

  explicit Deadline(std::shared_ptr<TimeBudget> budget) : budget_(std::move(budget)) {}

  bool passed() const { return budget_->look() != TimeBudget::State::left; }
  // Of one that has passed: whether nobody can say that it was not the machine alone.
  bool is_undecided() const { return budget_->look() == TimeBudget::State::undecided; }

  // For poll(2): how long to wait before asking again; 0 when it has passed.
  int milliseconds_to_wait() const { return budget_->milliseconds_to_next_look(); }

 private:
  std::shared_ptr<TimeBudget> budget_;
};

}  // namespace assay::conformance::php
