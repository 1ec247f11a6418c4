#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>

#include "conformance/models/eviction_order.h"
#include "conformance/models/held_room.h"
#include "conformance/models/judge_reservations.h"
#include "conformance/models/volatile_model.h"

namespace assay::conformance {

namespace {

using States = std::vector<KeyState>;

// The keys of one backend: a set of states for each, and the global part for entry_count.
class Backend {
 public:
  // False where the event is not allowed; `before` then holds the states that refused it.
  bool apply(const VolatileKeyModel& model, const std::string& key, const KeyEvent& event, States& before) {
    auto& states = keys_.try_emplace(key, States{model.initial()}).first->second;
    States next;
    for (const KeyState& state : states) model.step(state, event, next);
    std::sort(next.begin(), next.end());
    next.erase(std::unique(next.begin(), next.end()), next.end());
    before = std::exchange(states, std::move(next));
    if (!event.reads() && event.result != KeyEvent::Result::failed) stored_.insert(key);
    return !states.empty();
  }

  bool clear(const VolatileKeyModel& model, const KeyEvent& event, States& before) {
    for (auto& [key, states] : keys_)
      if (!apply(model, key, event, before)) return false;
    before = {model.initial()};
    States next;
    model.step(model.initial(), event, next);
    if (event.result == KeyEvent::Result::done) stored_.clear();
    return !next.empty();
  }

  // Entries that a read at this position of the clock would hit in any case.
  std::size_t surely_live(const VolatileKeyModel& model, const KeyEvent& now) const {
    KeyEvent miss = now;
    miss.kind = KeyEvent::Kind::has;
    miss.result = KeyEvent::Result::miss;
    return static_cast<std::size_t>(std::count_if(keys_.begin(), keys_.end(), [&](const auto& entry) {
      States next;
      for (const KeyState& state : entry.second) model.step(state, miss, next);
      return next.empty();
    }));
  }
  std::size_t ever_stored() const { return stored_.size(); }

 private:
  std::map<std::string, States> keys_;
  std::set<std::string> stored_;  // distinct keys since the last clear
};

// ST-AVL-09: live entries <= entry_count <= distinct keys stored since the last clear.
std::optional<Refusal> check_count(const Backend& backend, const VolatileKeyModel& model,
                                   const Observation& observation, const KeyEvent& now) {
  if (observation.reply.kind != Reply::Kind::value) return std::nullopt;
  const Value* count = observation.reply.value.find("entry_count");
  if (!count || !count->is_int()) return std::nullopt;
  const auto low = static_cast<std::int64_t>(backend.surely_live(model, now));
  const auto high = static_cast<std::int64_t>(backend.ever_stored());
  if (count->as_int() >= low && count->as_int() <= high) return std::nullopt;
  return Refusal{"ST-AVL-09",
                 fmt::format("entry_count is {}, but {} entries are live and {} keys were stored since the "
                             "last clear",
                             count->as_int(), low, high)};
}

Refusal unexplained(const KeyEvent& event, const ValueTable& values) {
  return {"ST-FUL-04", fmt::format("{}: entries have vanished that no store can have evicted by the declared choice",
                                   to_text(event, values))};
}

// Whatever else asks the target may store something that no call shows.
bool asks_for_data_alone(std::span<const Observation> observations) {
  return std::all_of(observations.begin(), observations.end(), [](const Observation& o) {
    return std::string_view(o.operation.spec->name).starts_with("cache_");
  });
}

}  // namespace

Judgement judge_data_cache(const Trace& trace, std::span<const Observation> observations, CacheRules rules) {
  Judgement judgement;
  judgement.not_judged = reason_to_judge_no_cache(trace);
  if (!judgement.not_judged.empty()) return judgement;
  const CacheRun run = cache_run(trace, observations);
  if (run.overlapping) {
    judgement.not_judged = "requests overlap: the order of their operations is not known";
    return judgement;
  }
  rules.may_fail = rules.may_fail || run.faults;
  const VolatileKeyModel volatile_model(rules, run.timeline, run.values);
  const VolatileKeyModel pinned_model(rules_of("pinned", rules), run.timeline, run.values);
  // Reservations and restarts have entries, and moments, of their own.
  const bool counts = !rules.may_fail && std::none_of(observations.begin(), observations.end(), [](const auto& o) {
    return o.operation.kind() == OperationKind::cache_lock || o.operation.kind() == OperationKind::reset;
  });
  std::optional<EvictionJudge> evictions;
  if (rules.evicts() && !rules.may_fail && asks_for_data_alone(observations))
    evictions.emplace(rules, run.timeline, run.values);
  const bool judges_room = rules.compacts && !rules.may_fail && asks_for_data_alone(observations);
  std::map<std::string, HeldRoom> rooms;
  std::map<std::string, Backend> backends;
  std::size_t next = 0;
  for (std::size_t i = 0; i < observations.size(); ++i) {
    const Observation& observation = observations[i];
    std::optional<Refusal> refusal;
    KeyEvent now;
    for (; next < run.calls.size() && run.calls[next].observation == i && !refusal; ++next) {
      const CacheCall& call = run.calls[next];
      const VolatileKeyModel& model = call.backend == "pinned" ? pinned_model : volatile_model;
      States before;
      const bool allowed = call.event.kind == KeyEvent::Kind::clear
                               ? backends[call.backend].clear(model, call.event, before)
                               : backends[call.backend].apply(model, call.key, call.event, before);
      ++judgement.judged;
      // Positions begin with 1: 0 is before everything.
      const bool evicted = call.backend == "pinned" || !evictions || evictions->apply(call, next + 1);
      const bool has_room_alone = judges_room && (call.backend == "pinned" || !rules.evicts());
      const auto complaint =
          has_room_alone ? rooms[call.backend].complaint(call, run.values) : std::optional<std::string>();
      if (allowed && evicted && !complaint) continue;
      if (complaint && allowed)
        refusal = Refusal{"ST-FUL-02", *complaint};
      else
        refusal = allowed ? unexplained(call.event, run.values) : model.explain(before, call.event);
      if (!call.key.empty()) refusal->message = fmt::format("key \"{}\": {}", call.key, refusal->message);
    }
    if (!refusal && counts && observation.operation.kind() == OperationKind::cache_info) {
      std::uint32_t position = 0;
      for (std::size_t s = 0; s < observation.step; ++s) {
        const auto* action = std::get_if<Action>(&trace.steps[s]);
        position += action && action->kind() == ActionKind::advance_clock ? 1 : 0;
      }
      now.from = now.to = position;
      const std::string& backend = observation.operation.text("backend");
      refusal = check_count(backends[backend], backend == "pinned" ? pinned_model : volatile_model, observation, now);
      ++judgement.judged;
    }
    if (!refusal) continue;
    refusal->step = observation.step;
    refusal->exchange = observation.exchange;
    judgement.refusal = refusal;
    return judgement;
  }
  return judgement;
}

}  // namespace assay::conformance
