#include "conformance/checkers/cache_histories.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <unordered_map>
#include <utility>

#include "conformance/checkers/emptied_by_death.h"
#include "conformance/checkers/observed_call.h"

namespace assay::conformance {

namespace {

std::uint64_t count_overlaps(const History<KeyEvent>& calls) {
  std::vector<std::tuple<std::int64_t, std::int64_t, int>> open;
  for (const auto& call : calls) open.emplace_back(call.began, call.ended, call.worker);
  std::sort(open.begin(), open.end());
  open.erase(std::unique(open.begin(), open.end()), open.end());  // the operations of one request count once
  std::multiset<std::int64_t> ends;
  std::uint64_t overlaps = 0;
  for (const auto& [began, ended, worker] : open) {
    ends.erase(ends.begin(), ends.lower_bound(began));
    overlaps += ends.size();
    ends.insert(ended);
  }
  return overlaps;
}

// Histories by the names that calls have. Runs have tens of thousands of keys and are judged for each crash state.
class GrowingHistories {
 public:
  explicit GrowingHistories(std::span<const Observation> observations) : observations_(observations) {}

  void add(const CacheCall& call) {
    if (by_name_.try_emplace(call.name(), histories_.size()).second) histories_.push_back({call.backend, call.key, {}});
  }
  // Nothing for a name that was not added.
  void append(const CacheCall& call) {
    if (const auto known = by_name_.find(call.name()); known != by_name_.end())
      append(histories_[known->second].calls, call);
  }
  void append_to_all(const CacheCall& call) {
    for (KeyHistory& history : histories_)
      if (history.backend == call.backend) append(history.calls, call);
  }
  std::vector<KeyHistory> take() { return std::move(histories_); }

 private:
  // Calls of one request are observed together, so the one before is the last of the history or not in it.
  void append(History<KeyEvent>& history, const CacheCall& call) {
    const Observation& observation = observations_[call.observation];
    HistoryCall<KeyEvent> made = observed_call(observation, call.observation, call.taken_effect(observation));
    const bool has_one_before = !history.empty() && observations_[history.back().tag].step == observation.step;
    if (has_one_before) made.after = history.size() - 1;
    history.push_back(std::move(made));
  }

  std::span<const Observation> observations_;
  std::vector<KeyHistory> histories_;
  std::unordered_map<CacheCall::Name, std::size_t, CacheCall::NameHash> by_name_;
};

bool is_clear(const CacheCall& call) {
  return call.event.kind == KeyEvent::Kind::clear;
}

// The histories of the keys that one of the calls names which `names` takes; all of them for a clear. Only of keys of
// which one of the calls is telling.
template <class Names, class Telling>
std::vector<KeyHistory> histories_of(const CacheRun& run, std::span<const Observation> observations, Names names,
                                     Telling is_telling) {
  const bool all =
      std::any_of(run.calls.begin(), run.calls.end(), [&](const auto& call) { return is_clear(call) && names(call); });
  GrowingHistories histories(observations);
  for (const CacheCall& call : run.calls)
    if (!is_clear(call) && is_telling(call) && (all || names(call))) histories.add(call);
  for (const CacheCall& call : run.calls) {
    if (is_clear(call)) {
      histories.append_to_all(call);
    } else {
      histories.append(call);
    }
  }
  return histories.take();
}

}  // namespace

std::vector<KeyHistory> key_histories(const CacheRun& run, std::span<const Observation> observations) {
  const auto any = [](const CacheCall&) { return true; };
  return histories_of(run, observations, any, any);
}

namespace {

// The calls that were over when the first interrupted one began; empty where there is none.
History<KeyEvent> before_interruption(const History<KeyEvent>& history) {
  std::int64_t first = HistoryCall<KeyEvent>::never;
  for (const auto& call : history)
    if (call.may_be_left_out) first = std::min(first, call.began);
  History<KeyEvent> before;
  for (const auto& call : history) {
    if (call.ended >= first) continue;
    before.push_back(call);
    before.back().after = HistoryCall<KeyEvent>::none;  // weaker: never a false alarm
  }
  return before;
}

// A store without a time to live that succeeded, or such a clear, is explained by any history: a key of which nothing else
// is known needs none.
bool can_be_wrong(const CacheCall& call) {
  const bool is_plain = is_clear(call) || (call.event.kind == KeyEvent::Kind::set && call.event.ttl == 0);
  return !is_plain || call.event.result != KeyEvent::Result::done;
}

// Checks the histories that `select` takes, of the keys of calls that `names` takes.
template <class Names, class Select>
CacheLinearizability check_histories(const CacheRun& run, std::span<const Observation> observations, CacheRules rules,
                                     std::uint64_t visit_limit, Names names, Select select) {
  CacheLinearizability result;
  if (std::exchange(rules.emptied_by_death, false))
    return check_histories(with_emptied_caches(run, observations), observations, rules, visit_limit, names, select);
  rules.may_fail = rules.may_fail || run.faults;
  const bool all_matter = std::any_of(run.calls.begin(), run.calls.end(),
                                      [](const CacheCall& call) { return is_clear(call) && can_be_wrong(call); });
  const auto is_telling = [&](const CacheCall& call) { return all_matter || can_be_wrong(call); };
  for (const auto& [backend, key, history] : histories_of(run, observations, names, is_telling)) {
    const VolatileKeyModel model(rules_of(backend, rules), run.timeline, run.values);
    const LinearizabilityChecker checker(model, visit_limit);
    if (!select(checker, history)) continue;
    const auto checked = checker.check(history);
    result.calls += history.size();
    result.visits += checked.visits;
    result.overlaps += count_overlaps(history);
    if (checked.verdict == Linearizability::yes) continue;
    result.verdict = checked.verdict;
    if (checked.verdict == Linearizability::inconclusive) {
      result.message = fmt::format(
          "key \"{}\" of {}: more than {} configurations for {} operations; use more keys or fewer operations a key",
          key, backend, visit_limit, history.size());
      continue;  // another key may still have a violation
    }
    for (const std::size_t i : checked.culprits) result.observation = std::max(result.observation, history[i].tag);
    result.message = fmt::format(
        "key \"{}\" of the {} cache: no order of these operations respects real time and explains every reply:\n{}",
        key, backend, checked.explanation);
    return result;
  }
  return result;
}

}  // namespace

CacheLinearizability check_data_caches(const CacheRun& run, std::span<const Observation> observations, CacheRules rules,
                                       std::uint64_t visit_limit) {
  return check_histories(
      run, observations, rules, visit_limit, [](const CacheCall&) { return true; },
      [](const auto&, const auto&) { return true; });
}

CacheLinearizability check_interrupted_writes(const CacheRun& run, std::span<const Observation> observations,
                                              CacheRules rules, std::uint64_t visit_limit) {
  const auto is_interrupted = [&](const CacheCall& call) {
    return observations[call.observation].reply.kind == Reply::Kind::not_run;
  };
  return check_histories(run, observations, rules, visit_limit, is_interrupted,
                         [](const auto& checker, const auto& history) {
                           return checker.check(before_interruption(history)).verdict == Linearizability::yes;
                         });
}

}  // namespace assay::conformance
