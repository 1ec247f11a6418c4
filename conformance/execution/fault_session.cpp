#include "conformance/execution/fault_session.h"

#include <fmt/format.h>

#include "faults/crash/lock_wait.h"
#include "support/time/time_budget.h"

namespace assay::conformance {
namespace {

constexpr std::chrono::seconds coming_limit{10};
constexpr std::chrono::milliseconds slice{50};
constexpr std::chrono::milliseconds short_slice{10};

Expected<points::Fault> fault_of(const Action& action) {
  std::string text = action.text("point") + " " + action.text("effect");
  if (!action.text("error").empty()) text += ":" + action.text("error");
  text += fmt::format(" {}:{}", action.flag("onwards") ? "from" : "once", action.integer("occurrence"));
  if (action.argument("worker").is_int()) text += fmt::format(" worker:{}", action.integer("worker"));
  return points::parse_fault(text);
}

}  // namespace

Expected<void> FaultSession::arm(const Action& action, bool more_follow) {
  auto fault = ASSAY_TRY(fault_of(action));
  if (!is_growing_) {
    if (is_at_rest_) turn_began_ = control_.tallies();
    end_rest();
    has_armed_ = true;
    count_fired();
  }
  plan_.push_back({fault, !action.flag("optional") && fault.effect != points::Effect::count});
  if (fault.effect == points::Effect::count && fault.point == "*") count_began_ = control_.tallies();
  is_growing_ = more_follow;
  return is_growing_ ? Expected<void>() : put_in_force();
}

Expected<void> FaultSession::put_in_force() {
  points::Plan plan;
  for (const Planned& planned : plan_) {
    const bool is_over = planned.fired > 0 && planned.fault.when.when == points::When::once;
    plan.push_back(is_over ? points::count_at(planned.fault.point) : planned.fault);
  }
  return control_.arm(plan);
}

void FaultSession::disarm() {
  close_plan();
  control_.disarm();
  end_count();
  begin_rest();
}

void FaultSession::count_fired() {
  const auto statuses = control_.plan_status();
  for (std::size_t i = 0; i < statuses.size() && i < plan_.size(); ++i) {
    if (statuses[i].fault.effect == points::Effect::count) continue;  // visits, not faults
    plan_[i].fired += statuses[i].fired;
    fired_ += statuses[i].fired;
  }
}

void FaultSession::close_plan() {
  if (plan_.empty()) return;
  count_fired();
  for (const Planned& planned : plan_) {
    if (planned.must_fire && planned.fired == 0) unfired_.push_back(points::to_text(planned.fault));
  }
  plan_.clear();
}

Expected<void> FaultSession::unpause(const Action& action) {
  const std::string& point = action.text("point");
  // A worker that is not held there needs no release.
  if (action.argument("worker").is_int()) {
    control_.release(point, static_cast<std::int32_t>(action.integer("worker")));
    return {};
  }
  TimeBudget budget(coming_limit);
  while (!control_.wait_held(point, points::kAnyWorker, slice)) {
    if (const auto left = budget.look(); left != TimeBudget::State::left)
      return too_late(left, fmt::format("no worker came to the point {}", point));
  }
  control_.release(point);
  return {};
}

Expected<void> FaultSession::wait_until_paused(int worker, std::optional<pid_t> process,
                                               const std::function<bool()>& is_over) {
  // In slices: nobody wakes us where a worker dies, or comes to a lock that has no point.
  std::optional<crash::LockWait> lock_wait;
  if (process) lock_wait.emplace(*process);
  TimeBudget budget(coming_limit);
  while (!control_.wait_held("*", worker, short_slice, is_over) && !is_over()) {
    if (lock_wait && lock_wait->look()) return {};
    if (const auto left = budget.look(); left != TimeBudget::State::left)
      return too_late(
          left, fmt::format("worker {} came to no point at which it is paused, and its request does not end", worker));
  }
  return {};
}

void FaultSession::end_turn(int worker) {
  if (!turn_began_.empty()) turns_.emplace_back(worker, control_.tallies());
}

void FaultSession::begin_rest() {
  if (!is_at_rest_) rest_began_ = control_.tallies();
  is_at_rest_ = true;
}

void FaultSession::end_rest() {
  if (!is_at_rest_) return;
  const std::vector<points::Tally> now = control_.tallies();
  rest_began_.resize(now.size());
  visits_at_rest_.resize(now.size());
  for (std::size_t i = 0; i < now.size(); ++i) visits_at_rest_[i] += now[i].reached - rest_began_[i].reached;
  is_at_rest_ = false;
}

void FaultSession::end_count() {
  if (!count_began_) return;
  for (const auto& [point, times] : visits_between(*count_began_, control_.tallies())) counted_[point] += times;
  count_began_.reset();
}

std::map<std::string, std::uint64_t> FaultSession::visits_between(const std::vector<points::Tally>& before,
                                                                  const std::vector<points::Tally>& after) const {
  std::map<std::string, std::uint64_t> visits;
  for (std::size_t i = 0; i < after.size(); ++i) {
    if (after[i].reached > before[i].reached) visits[control_.known_points()[i]] = after[i].reached - before[i].reached;
  }
  return visits;
}

void FaultSession::report(Execution& into) {
  if (has_armed_) end_rest();
  end_count();
  into.evidence.faults_fired += fired_;
  into.counted = std::move(counted_);
  for (const std::vector<points::Tally>* began = &turn_began_; const auto& [worker, ended] : turns_) {
    into.turns.push_back({worker, visits_between(*began, ended)});
    began = &ended;
  }
  const std::vector<points::Tally> all = control_.tallies();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::uint64_t at_rest = has_armed_ ? visits_at_rest_[i] : 0;
    if (all[i].reached == at_rest && all[i].fired == 0) continue;
    PointEvidence& point = into.evidence.points[control_.known_points()[i]];
    point.reached += all[i].reached - at_rest;
    point.fired += all[i].fired;
  }
  for (const points::Evidence& record : control_.evidence().records) {
    into.evidence.points[record.point].operations[record.operation] += 1;
  }
}

}  // namespace assay::conformance
