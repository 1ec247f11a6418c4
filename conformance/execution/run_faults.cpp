// The faults of a run: plans, and workers that are held at points.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "conformance/execution/run.h"

namespace assay::conformance {
namespace {

constexpr std::chrono::seconds coming_limit{10};
constexpr std::chrono::milliseconds kSlice{50};

Expected<points::Fault> fault_of(const Action& action) {
  std::string text = action.text("point") + " " + action.text("effect");
  if (!action.text("error").empty()) text += ":" + action.text("error");
  text += fmt::format(" {}:{}", action.flag("onwards") ? "from" : "once", action.integer("occurrence"));
  if (action.argument("worker").is_int()) text += fmt::format(" worker:{}", action.integer("worker"));
  auto fault = points::parse_fault(text);
  if (!fault) return failure(fault.error().message);
  return *fault;
}

}  // namespace

Expected<void> Run::fault_action(const Action& action) {
  switch (action.kind()) {
    case ActionKind::arm:
      return arm(action);
    case ActionKind::unpause:
      return release(action);
    case ActionKind::wait_until_blocked:
      return settle(static_cast<int>(action.integer("worker")));
    default:
      check_faults_fired();
      plan_.clear();
      control_.disarm();
      end_count();
      if (!at_rest_) rest_began_ = control_.tallies();
      at_rest_ = true;
      return {};
  }
}

// What fired already is over; the others are counted from here.
Expected<void> Run::arm(const Action& action) {
  auto fault = ASSAY_TRY(fault_of(action));
  if (!arms_more_) {
    end_rest();
    has_armed_ = true;
    count_fired();
  }
  plan_.push_back({fault, !action.flag("optional") && fault.effect != points::Effect::kCount});
  if (fault.effect == points::Effect::kCount && fault.point == "*") count_began_ = control_.tallies();
  arms_more_ = arms_next();
  return arms_more_ ? Expected<void>() : put_in_force();
}

bool Run::arms_next() const {
  const auto* next = step_ + 1 < trace_.steps.size() ? std::get_if<Action>(&trace_.steps[step_ + 1]) : nullptr;
  return next && next->kind() == ActionKind::arm;
}

Expected<void> Run::put_in_force() {
  points::Plan plan;
  for (const Planned& planned : plan_) {
    const bool is_over = planned.fired > 0 && planned.fault.when.when == points::When::kOnce;
    plan.push_back(is_over ? points::count_at(planned.fault.point) : planned.fault);
  }
  if (auto armed = control_.arm(plan); !armed) return failure(armed.error().message);
  return {};
}

// Without a worker: waits until one comes. With one that is not held: nothing.
Expected<void> Run::release(const Action& action) {
  const std::string& point = action.text("point");
  if (action.argument("worker").is_int()) {
    control_.release(point, static_cast<std::int32_t>(action.integer("worker")));
    return {};
  }
  const auto held = control_.wait_held(point, points::kAnyWorker, coming_limit);
  if (!held) return failure(fmt::format("no worker came to the point {}", point));
  control_.release(point);
  return {};
}

bool Run::is_over(int worker) {
  return std::none_of(background_.begin(), background_.end(), [&](const auto& entry) {
    const Background& background = entry.second;
    return std::get<Request>(trace_.steps[background.step]).worker == worker && !background.pending->is_over();
  });
}

Expected<void> Run::settle(int worker) {
  if (outside_lock_.holds()) return settle_at_lock(worker);
  // In slices: who dies wakes nobody.
  const auto limit = std::chrono::steady_clock::now() + coming_limit;
  do {
    const auto held = control_.wait_held("*", worker, kSlice, [&] { return is_over(worker); });
    if (held || is_over(worker)) return {};
  } while (std::chrono::steady_clock::now() < limit);
  return failure(fmt::format("worker {} came to no point at which it is paused, and its request does not end", worker));
}

// Nobody wakes whoever waits for a worker to come to a lock: it is looked for.
Expected<void> Run::settle_at_lock(int worker) {
  const auto process = runtime_.worker(worker).process();
  if (!process) return failure(fmt::format("worker {} has no process", worker));
  const auto limit = std::chrono::steady_clock::now() + coming_limit;
  while (std::chrono::steady_clock::now() < limit) {
    if (is_over(worker) || outside_lock_.makes_wait(*process)) return {};
    if (control_.wait_held("*", worker, std::chrono::milliseconds(1))) return {};
  }
  return failure(fmt::format("worker {} does not come to the lock that is held, and its request does not end", worker));
}

void Run::count_fired() {
  const auto statuses = control_.plan_status();
  for (std::size_t i = 0; i < statuses.size() && i < plan_.size(); ++i) {
    if (statuses[i].fault.effect == points::Effect::kCount) continue;  // visits, not faults
    plan_[i].fired += statuses[i].fired;
    execution_.evidence.faults_fired += statuses[i].fired;
  }
}

// Notes the planned faults that did not fire when the plan is over; at the end they make the run inconclusive.
void Run::check_faults_fired() {
  if (plan_.empty()) return;
  count_fired();
  for (const Planned& planned : plan_) {
    if (planned.must_fire && planned.fired == 0) unfired_.push_back(points::to_text(planned.fault));
  }
  plan_.clear();
  if (unfired_.empty() || execution_.verdict != Verdict::pass) return;
  execution_.verdict = Verdict::inconclusive;
  execution_.reason = fmt::format("planned, but never fired: {}", fmt::join(unfired_, "; "));
}

void Run::end_count() {
  if (!count_began_) return;
  const std::vector<points::Tally> now = control_.tallies();
  for (std::size_t i = 0; i < now.size(); ++i) {
    const std::uint64_t visits = now[i].reached - (*count_began_)[i].reached;
    if (visits > 0) execution_.counted[control_.known_points()[i]] += visits;
  }
  count_began_.reset();
}

void Run::end_rest() {
  if (!at_rest_) return;
  const std::vector<points::Tally> now = control_.tallies();
  rest_began_.resize(now.size());
  unarmed_.resize(now.size());
  for (std::size_t i = 0; i < now.size(); ++i) unarmed_[i] += now[i].reached - rest_began_[i].reached;
  at_rest_ = false;
}

// Which points this run came to while something was armed, and what the workers were doing there when a fault hit; of a
// run that armed nothing, where a stock program came to.
void Run::note_points() {
  if (has_armed_) end_rest();
  end_count();
  const std::vector<points::Tally> all = control_.tallies();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::uint64_t unarmed = has_armed_ ? unarmed_[i] : 0;
    if (all[i].reached == unarmed && all[i].fired == 0) continue;
    PointEvidence& point = execution_.evidence.points[control_.known_points()[i]];
    point.reached += all[i].reached - unarmed;
    point.fired += all[i].fired;
  }
  for (const points::Evidence& record : control_.evidence().records) {
    execution_.evidence.points[record.point].operations[record.operation] += 1;
  }
}

}  // namespace assay::conformance
