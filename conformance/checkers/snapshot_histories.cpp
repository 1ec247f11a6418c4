#include "conformance/checkers/snapshot_histories.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "conformance/checkers/emptied_by_death.h"
#include "conformance/checkers/observed_call.h"
#include "conformance/models/snapshot_model.h"

namespace assay::conformance {

namespace {

bool reads_list(const CacheCall& call, std::span<const Observation> observations) {
  return call.event.kind == KeyEvent::Kind::get &&
         observations[call.observation].operation.kind() == OperationKind::cache_get_multiple;
}

// The keys of lists that have two keys at least.
std::vector<std::string> listed_keys(const CacheRun& run, std::span<const Observation> observations,
                                     const std::string& backend) {
  std::map<std::size_t, std::set<std::string>> lists;  // by observation
  for (const CacheCall& call : run.calls) {
    if (call.backend == backend && reads_list(call, observations)) lists[call.observation].insert(call.key);
  }
  std::set<std::string> keys;
  for (const auto& [observation, of_list] : lists) {
    if (of_list.size() > 1) keys.insert(of_list.begin(), of_list.end());
  }
  return {keys.begin(), keys.end()};
}

// The calls on some keys of one cache. Those that belong together are one.
class SnapshotHistory {
 public:
  SnapshotHistory(const std::vector<std::string>& keys, std::span<const Observation> observations)
      : keys_(keys), observations_(observations) {}

  void append(const CacheCall& call) {
    if (call.event.kind == KeyEvent::Kind::clear) return append_clear(call);
    const auto key = std::ranges::find(keys_, call.key);
    if (key == keys_.end()) return;
    if (call.event.kind == KeyEvent::Kind::set && call.event.value == ValueTable::opaque) runs_code_ = true;
    const std::size_t number = static_cast<std::size_t>(key - keys_.begin());
    const bool is_listed = reads_list(call, observations_);
    const KeyEvent event = call.taken_effect(observations_[call.observation]);
    if (is_listed && list_ == call.observation) {
      history_.back().event.parts.emplace_back(number, event);
      return;
    }
    add(call, {{{number, event}}});
    list_ = is_listed ? std::optional(call.observation) : std::nullopt;
  }

  bool runs_code() const { return runs_code_; }
  const History<SnapshotEvent>& calls() const { return history_; }

 private:
  void append_clear(const CacheCall& call) {
    list_.reset();
    SnapshotEvent event;
    for (std::size_t key = 0; key < keys_.size(); ++key)
      event.parts.emplace_back(key, call.taken_effect(observations_[call.observation]));
    add(call, std::move(event));
  }

  void add(const CacheCall& call, SnapshotEvent event) {
    const Observation& observation = observations_[call.observation];
    HistoryCall<SnapshotEvent> made = observed_call(observation, call.observation, std::move(event));
    const auto [before, is_first] = last_.try_emplace(observation.step, history_.size());
    if (!is_first) made.after = std::exchange(before->second, history_.size());
    history_.push_back(std::move(made));
  }

  const std::vector<std::string>& keys_;
  std::span<const Observation> observations_;
  std::map<std::size_t, std::size_t> last_;  // the last call of a request
  std::optional<std::size_t> list_;          // the list that was read last, as long as nothing came after it
  bool runs_code_ = false;
  History<SnapshotEvent> history_;
};

}  // namespace

CacheLinearizability check_list_reads(const CacheRun& run, std::span<const Observation> observations, CacheRules rules,
                                      std::uint64_t visit_limit) {
  CacheLinearizability result;
  if (!rules.lists_are_snapshots || !run.overlapping) return result;
  if (std::exchange(rules.emptied_by_death, false))
    return check_list_reads(with_emptied_caches(run, observations), observations, rules, visit_limit);
  rules.may_fail = rules.may_fail || run.faults;
  for (const std::string backend : {"volatile", "pinned"}) {
    const std::vector<std::string> keys = listed_keys(run, observations, backend);
    if (keys.empty()) continue;
    SnapshotHistory history(keys, observations);
    for (const CacheCall& call : run.calls) {
      if (call.backend == backend) history.append(call);
    }
    if (history.runs_code()) continue;
    const SnapshotModel model(VolatileKeyModel(rules_of(backend, rules), run.timeline, run.values), keys);
    const auto checked = LinearizabilityChecker(model, visit_limit).check(history.calls());
    result.visits += checked.visits;
    result.calls += history.calls().size();
    if (checked.verdict == Linearizability::yes) continue;
    result.verdict = checked.verdict;
    if (checked.verdict == Linearizability::inconclusive) {
      result.message = fmt::format("the {} cache: more than {} configurations for {} operations on listed keys",
                                   backend, visit_limit, history.calls().size());
      continue;  // the other cache may still have a violation
    }
    for (const std::size_t i : checked.culprits) {
      const auto& call = history.calls()[i];
      if (model.reads_only(call.event)) result.observation = std::max(result.observation, call.tag);
    }
    result.message = fmt::format(
        "the {} cache: no order of these operations respects real time and lets each list show one state:\n{}", backend,
        checked.explanation);
    return result;
  }
  return result;
}

}  // namespace assay::conformance
