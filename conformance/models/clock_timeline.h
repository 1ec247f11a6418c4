#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "conformance/vocabulary/trace.h"

namespace assay::conformance {

// The virtual time of a trace, by position: position n is the stretch after its n-th advance_clock. Two readings of
// "now" exist where the clock was set back: the wall clock goes back, a steady one stays.
class ClockTimeline {
 public:
  ClockTimeline() : wall_{clock_start}, steady_{clock_start} {}

  void advance(std::int64_t seconds) {
    wall_.push_back(wall_.back() + seconds);
    steady_.push_back(steady_.back() + std::max<std::int64_t>(seconds, 0));
  }
  std::uint32_t last() const { return static_cast<std::uint32_t>(wall_.size() - 1); }
  std::int64_t wall(std::uint32_t position) const { return wall_[position]; }
  std::int64_t steady(std::uint32_t position) const { return steady_[position]; }

 private:
  std::vector<std::int64_t> wall_, steady_;
};

}  // namespace assay::conformance
