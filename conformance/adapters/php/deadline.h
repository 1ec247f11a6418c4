#pragma once

#include <algorithm>
#include <chrono>

namespace assay::conformance::php {

// A moment of the suite's own monotonic clock (never the virtual one), by which something must have happened.
class Deadline {
 public:
  using Clock = std::chrono::steady_clock;

  explicit Deadline(Clock::time_point moment) : moment_(moment) {}
  static Deadline after(std::chrono::nanoseconds duration) { return Deadline(Clock::now() + duration); }

  bool passed() const { return Clock::now() >= moment_; }

  // For poll(2): whole milliseconds left, rounded up so that a wait never ends early; 0 when the moment has passed.
  int milliseconds_left() const {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(moment_ - Clock::now()).count();
    return static_cast<int>(std::clamp<long long>(left, 0, 1'000'000'000));
  }

 private:
  Clock::time_point moment_;
};

}  // namespace assay::conformance::php
