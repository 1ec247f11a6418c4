#include "support/time/time_budget.h"

#include <unistd.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace assay {
namespace {

using std::chrono::nanoseconds;
using namespace std::chrono_literals;

constexpr int kLooks = 16;  // about so many in a limit
constexpr nanoseconds kShortestSlice = 5ms;
constexpr nanoseconds kLongestSlice = 250ms;
// Between two looks no more counts than so many slices.
constexpr int kLateness = 4;
constexpr int kFar = 30;
constexpr nanoseconds kFarAtLeast = 60s;

// Nothing is looked for before the first look.
TimeBudget::Watch watch_of(std::vector<pid_t> roots) {
  return
      [roots = std::move(roots), meter = std::shared_ptr<MachineDelay>()](TimeBudget::Clock::time_point now) mutable {
        if (!meter) meter = std::make_shared<MachineDelay>(roots);
        return meter->look(now);
      };
}

}  // namespace

TimeBudget::TimeBudget(nanoseconds limit) : TimeBudget(limit, std::vector<pid_t>{getpid()}) {}

TimeBudget::TimeBudget(nanoseconds limit, std::vector<pid_t> roots)
    : TimeBudget(limit, watch_of(std::move(roots)), Clock::now()) {}

TimeBudget::TimeBudget(nanoseconds limit, Watch watch, Clock::time_point now)
    : limit_(limit),
      slice_(std::clamp(limit / kLooks, kShortestSlice, kLongestSlice)),
      watch_(std::move(watch)),
      last_look_(now),
      quarter_began_(now),
      state_(limit > nanoseconds::zero() ? State::left : State::spent) {}

nanoseconds TimeBudget::ceiling() const {
  return kFarAtLeast + kFar * limit_;
}

TimeBudget::State TimeBudget::look(Clock::time_point now) {
  const nanoseconds passed = now - last_look_;
  if (state_ != State::left || passed < slice_ / 2) return state_;
  const MachineDelay::Seen seen = watch_(now);
  const nanoseconds most = kLateness * slice_;
  const nanoseconds counting = std::min(passed, most);
  const nanoseconds delay = seen.delay + late_delay_;
  if (has_begun_) counted_ += std::max(counting - delay, std::min(seen.ran, passed));
  late_delay_ = std::clamp(delay - counting, nanoseconds::zero(), most);
  has_begun_ = true;
  last_look_ = now;
  if (counted_ - quarter_counted_ >= limit_ / 4) {
    quarter_counted_ = counted_;
    quarter_began_ = now;
  }
  if (counted_ >= limit_)
    state_ = State::spent;
  else if (now - quarter_began_ >= ceiling())
    state_ = State::undecided;
  return state_;
}

nanoseconds TimeBudget::to_next_look(Clock::time_point now) const {
  return state_ == State::left ? std::max(last_look_ + slice_ - now, nanoseconds::zero()) : nanoseconds::zero();
}

int TimeBudget::milliseconds_to_next_look() const {
  return static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(to_next_look()).count());
}

std::string undecided(const std::string& what) {
  return what + ", but the machine was too busy to tell why; repeat it on a machine with less to do";
}

tl::unexpected<Error> too_late(TimeBudget::State state, const std::string& what) {
  return state == TimeBudget::State::undecided ? refusal(undecided(what)) : failure(what);
}

}  // namespace assay
