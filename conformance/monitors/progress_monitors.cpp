#include <fmt/format.h>

#include <set>

#include "conformance/monitors/monitors.h"
#include "conformance/monitors/status.h"

namespace assay::conformance {

namespace {

// What disturbs a run, as far as its actions and outcomes tell.
class Disturbances {
 public:
  // A worker is gone, and nothing else can hold up the others: none is stopped, no fault but kills is armed, no
  // request waits at a rendezvous or runs in the background.
  bool only_deaths() const { return deaths_ > 0 && calm(); }
  bool calm() const { return stopped_.empty() && !other_fault_ && !loose_; }
  // Nothing at all has happened to any worker.
  bool none() const { return calm() && deaths_ == 0 && !is_armed_; }
  int deaths() const { return deaths_; }
  std::chrono::steady_clock::time_point last_death() const { return last_death_; }

  void act(const ActionTaken& taken) {
    last_action_ = taken.step;
    switch (taken.action->kind()) {
      case ActionKind::kill:
        return died(taken.ended);
      case ActionKind::stop:
        stopped_.insert(taken.action->integer("worker"));
        return;
      case ActionKind::resume:
        stopped_.erase(taken.action->integer("worker"));
        return;
      case ActionKind::explore_crash:
        is_armed_ = true;
        return;
      case ActionKind::arm:
        if (taken.action->text("effect") != "count") is_armed_ = true;
        if (taken.action->text("effect") != "kill" && taken.action->text("effect") != "count") other_fault_ = true;
        return;
      case ActionKind::disarm:
        other_fault_ = false;
        return;
      case ActionKind::wait_for_arrival:
      case ActionKind::release:
      case ActionKind::unpause:
      case ActionKind::wait_until_blocked:
      case ActionKind::hold_lock:
        loose_ = true;
        return;
      default:
        return;
    }
  }
  void observe(const Observation& observation) {
    // In the background: what it held up, and when, is not known.
    if (observation.step < last_action_ || observation.operation.kind() == OperationKind::rendezvous) loose_ = true;
    if (observation.outcome == Outcome::Kind::died && observation.exchange == 0) died(observation.ended);
  }

 private:
  void died(std::chrono::steady_clock::time_point when) {
    ++deaths_;
    last_death_ = when;
  }
  std::set<std::int64_t> stopped_;
  bool is_armed_ = false, other_fault_ = false, loose_ = false;
  int deaths_ = 0;
  std::size_t last_action_ = 0;
  std::chrono::steady_clock::time_point last_death_;
};

// GU-LIV-01. A request that began after some worker had died does not hang. Judged only in runs without anything else
// that can hold a request up (see Disturbances): stopped workers, other faults, background requests.
class DeathBlocksNobody final : public Monitor {
 public:
  std::string_view id() const override { return "GU-LIV-01"; }

  void observe(const ActionTaken& taken) override { disturbances_.act(taken); }
  void observe(const Observation& observation) override {
    const bool judged = disturbances_.only_deaths() && observation.began > disturbances_.last_death();
    disturbances_.observe(observation);
    if (!judged || !disturbances_.calm() || observation.exchange != 0) return;
    if (observation.outcome == Outcome::Kind::died) return;
    count_judged();
    if (observation.outcome == Outcome::Kind::hung)
      violate(observation, fmt::format("worker {} hangs in a request that began after the death of another worker",
                                       observation.worker));
  }

 private:
  Disturbances disturbances_;
};

// GU-LIV-02, its first half. Once settled after a death (each worker has completed two further requests, nothing else
// disturbs), a worker that reported the script cache as enabled before the death reports so again. Not judged: after a
// reset was asked for, or a directive was changed by a script, since the death.
class Convergence final : public Monitor {
 public:
  std::string_view id() const override { return "GU-LIV-02"; }

  void begin(const Configuration& configuration) override { workers_ = configuration.worker_count(); }

  void observe(const ActionTaken& taken) override {
    disturbances_.act(taken);
    note_deaths();
  }
  void observe(const Observation& observation) override {
    disturbances_.observe(observation);
    note_deaths();
    const OperationKind kind = observation.operation.kind();
    if (kind == OperationKind::ini_set) asked_ = true;
    if (kind == OperationKind::reset) asked_ = true;
    if (const auto status = script_status(observation)) judge(observation, *status);
    if (observation.exchange == 0 && observation.outcome == Outcome::Kind::completed)
      completed_[observation.worker].insert(observation.step);
  }

 private:
  void note_deaths() {
    if (disturbances_.deaths() == deaths_) return;
    deaths_ = disturbances_.deaths();
    completed_.clear();
    asked_ = false;
  }
  bool settled(std::size_t step) const {
    for (int worker = 0; worker < workers_; ++worker) {
      const auto found = completed_.find(worker);
      if (found == completed_.end()) return false;
      if (found->second.size() - found->second.count(step) < 2) return false;
    }
    return true;
  }
  void judge(const Observation& observation, const ScriptStatus& status) {
    if (!status.enabled) return;
    if (deaths_ == 0) {
      if (*status.enabled) was_enabled_.insert(observation.worker);
      return;
    }
    const bool pending = status.restart_pending.value_or(true);
    if (asked_ || !disturbances_.calm() || !was_enabled_.contains(observation.worker) || !settled(observation.step))
      return;
    count_judged();
    if (*status.enabled && !status.restart_in_progress.value_or(false)) return;
    if (pending) return;  // a restart that the cache scheduled itself: GU-LIV-07
    violate(observation, fmt::format("worker {}: the script cache is still off although each worker has completed two "
                                     "requests since the last death",
                                     observation.worker));
  }

  int workers_ = 0, deaths_ = 0;
  bool asked_ = false;
  std::set<int> was_enabled_;
  std::map<int, std::set<std::size_t>> completed_;  // requests since the last death
  Disturbances disturbances_;
};

// GU-LIV-08. Judged only until something disturbs the run, faults included that have been taken back.
class UndisturbedRequestsEnd final : public Monitor {
 public:
  std::string_view id() const override { return "GU-LIV-08"; }

  void observe(const ActionTaken& taken) override { disturbances_.act(taken); }
  void observe(const Observation& observation) override {
    const bool was_calm = disturbances_.none();
    disturbances_.observe(observation);
    if (!was_calm || !disturbances_.calm() || observation.may_die || observation.exchange != 0) return;
    count_judged();
    if (observation.outcome == Outcome::Kind::completed || observation.outcome == Outcome::Kind::aborted) return;
    violate(observation, fmt::format("the request {}, although nothing disturbed it", to_text(observation.outcome)));
  }

 private:
  Disturbances disturbances_;
};

}  // namespace

std::unique_ptr<Monitor> undisturbed_requests_end() {
  return std::make_unique<UndisturbedRequestsEnd>();
}
std::unique_ptr<Monitor> death_blocks_nobody() {
  return std::make_unique<DeathBlocksNobody>();
}
std::unique_ptr<Monitor> convergence() {
  return std::make_unique<Convergence>();
}

}  // namespace assay::conformance
