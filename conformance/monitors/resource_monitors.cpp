#include <fmt/format.h>

#include "conformance/monitors/monitors.h"
#include "conformance/monitors/status.h"

namespace assay::conformance {

namespace {

// GU-RES-01, of the script cache. At every report: no part of the memory is negative, and the parts add up to one and
// the same total in all reports of a run. At reports of requests that no other request overlaps also: as many scripts
// as are counted are listed, and their sizes do not exceed the used and wasted bytes. What is preloaded is
// listed and counted as well (PL-STA-03).
class Conservation final : public Monitor {
 public:
  std::string_view id() const override { return "GU-RES-01"; }

  void observe(const ActionTaken& taken) override { last_action_ = taken.step; }

  void observe(const Observation& observation) override {
    const bool quiescent = !in_background(observation);
    last_step_ = std::max(last_step_, observation.step);
    const std::optional<ScriptStatus> status = script_status(observation);
    if (!status) return;
    judge_memory(observation, *status);
    if (quiescent && status->scripts) pending_.push_back(observation);
  }

  // Whether another request ran meanwhile is known at the end: background requests are reported late.
  void finish(const RunRecord&) override {
    for (const Observation& observation : pending_) {
      if (!overlapped(observation)) judge_listing(observation);
    }
  }

 private:
  bool in_background(const Observation& observation) {
    const bool late = observation.step < last_step_ || observation.step < last_action_;
    if (late) background_.push_back({observation.began, observation.ended});
    return late;
  }
  bool overlapped(const Observation& observation) const {
    for (const auto& [began, ended] : background_)
      if (began <= observation.ended && observation.began <= ended) return true;
    return false;
  }

  void judge_memory(const Observation& observation, const ScriptStatus& status) {
    if (status.used && status.free && status.wasted) {
      count_judged();
      if (*status.used < 0 || *status.free < 0 || *status.wasted < 0)
        violate(observation, fmt::format("a part of the memory is negative: {} used, {} free, {} wasted", *status.used,
                                         *status.free, *status.wasted));
      const std::int64_t total = *status.used + *status.free + *status.wasted;
      if (total_ && *total_ != total)
        violate(observation,
                fmt::format("used {} + free {} + wasted {} = {} bytes, but earlier in this run they made {}",
                            *status.used, *status.free, *status.wasted, total, *total_));
      if (!total_) total_ = total;
    }
    if (!status.strings_size || !status.strings_used || !status.strings_free) return;
    if (*status.strings_used >= 0 && *status.strings_free >= 0 &&
        *status.strings_used + *status.strings_free == *status.strings_size)
      return;
    violate(observation, fmt::format("interned strings: used {} + free {} is not the buffer's size of {}",
                                     *status.strings_used, *status.strings_free, *status.strings_size));
  }

  void judge_listing(const Observation& observation) {
    const ScriptStatus status = *script_status(observation);
    count_judged();
    const auto listed = static_cast<std::int64_t>(status.scripts->size());
    if (status.scripts_counted && *status.scripts_counted != listed)
      violate(observation, fmt::format("{} scripts are counted but {} are listed", *status.scripts_counted, listed));
    std::int64_t sizes = 0;
    for (const auto& [name, entry] : *status.scripts) {
      const Value* size = entry.find(Key("memory_consumption"));
      if (!size || !size->is_int()) return;
      sizes += size->as_int();
    }
    if (!status.used || !status.wasted || sizes <= *status.used + *status.wasted) return;
    violate(observation, fmt::format("the listed scripts take {} bytes, but only {} are used and {} wasted", sizes,
                                     *status.used, *status.wasted));
  }

  std::optional<std::int64_t> total_;
  std::size_t last_step_ = 0, last_action_ = 0;
  std::vector<Observation> pending_;
  std::vector<std::pair<std::chrono::steady_clock::time_point, std::chrono::steady_clock::time_point>> background_;
};

// GU-IDN-02, its observable mark: from one report to a later one (of a request that began after the other's end) the
// time of the last restart never falls, and rises where the number of restarts rose. Not judged: across a reload or
// another start time, and while a restart is in progress.
class RestartMarkIncreases final : public Monitor {
 public:
  std::string_view id() const override { return "GU-IDN-02"; }

  void observe(const ActionTaken& taken) override {
    if (taken.action->kind() == ActionKind::reload) last_.reset();
  }

  void observe(const Observation& observation) override {
    const std::optional<ScriptStatus> status = script_status(observation);
    if (!status || !status->restart_mark || !status->restarts || status->restart_in_progress.value_or(true)) return;
    // A restart that was counted and never finished leaves the cache off, and begins no generation.
    if (!status->enabled.value_or(true)) return;
    const Mark mark{*status->restart_mark, *status->restarts, status->start_time, observation.ended};
    if (last_ && last_->start_time != mark.start_time) last_.reset();
    if (last_ && last_->ended >= observation.began && last_->step != observation.step) return;
    if (last_) judge(observation, mark);
    last_ = mark;
    last_->step = observation.step;
  }

 private:
  struct Mark {
    std::int64_t time, restarts;
    std::optional<std::int64_t> start_time;
    std::chrono::steady_clock::time_point ended;
    std::size_t step = 0;
  };

  void judge(const Observation& observation, const Mark& mark) {
    count_judged();
    if (mark.time < last_->time)
      violate(observation, fmt::format("the time of the last restart fell from {} to {}", last_->time, mark.time));
    if (mark.restarts > last_->restarts && mark.time <= last_->time)
      violate(observation, fmt::format("{} restarts later the time of the last restart is still {}",
                                       mark.restarts - last_->restarts, mark.time));
  }

  std::optional<Mark> last_;
};

}  // namespace

std::unique_ptr<Monitor> conservation() {
  return std::make_unique<Conservation>();
}
std::unique_ptr<Monitor> restart_mark_increases() {
  return std::make_unique<RestartMarkIncreases>();
}

}  // namespace assay::conformance
