#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <unordered_map>

#include "conformance/adapter/pool_partition.h"
#include "conformance/checkers/cache_histories.h"
#include "conformance/checkers/snapshot_histories.h"
#include "conformance/monitors/monitors.h"
#include "conformance/monitors/run_record.h"

namespace assay::conformance {

namespace {

using Kind = KeyEvent::Kind;
using Result = KeyEvent::Result;

bool shows_value(const KeyEvent& event) {
  return event.kind == Kind::get && event.result == Result::hit && event.value >= 0 &&
         event.value != ValueTable::number_of_false;  // false is also how a failure is reported (ST-GET-04)
}

// GU-VAL-01. Data caches: a value that was got is one that some request tried to store under that key, at any time
// before the read ended. Not judged: false, the default that was given, values with objects, keys that were counted
// on. Scripts: a result is that of one of the contents written under that path in the whole run; where files may have
// other names (links, moves), of any file. Judged only where all those contents are plain `return LITERAL` scripts.
class NoInventedValue final : public Monitor {
 public:
  std::string_view id() const override { return "GU-VAL-01"; }

  void finish(const RunRecord& record) override {
    judge_data_caches(record.data_caches(), record.observations());
    for (const Observation& observation : record.observations()) judge_include(observation, record.files());
  }

 private:
  // What requests tried to store under one name.
  struct Stored {
    std::map<std::int32_t, std::int64_t> began;  // by value: when its first store began
    bool is_unclear = false;
  };

  void judge_data_caches(const CacheRun& run, std::span<const Observation> observations) {
    std::unordered_map<CacheCall::Name, Stored, CacheCall::NameHash> stored;  // of the keys that were read
    for (const CacheCall& call : run.calls)
      if (shows_value(call.event)) stored[call.name()];
    for (const CacheCall& call : run.calls) {
      const bool is_set = call.event.kind == Kind::set || call.event.kind == Kind::insert;
      if (!is_set && call.event.kind != Kind::add) continue;
      const auto place = stored.find(call.name());
      if (place == stored.end()) continue;
      Stored& of = place->second;
      of.is_unclear = of.is_unclear || !is_set || call.event.value < 0;
      if (!is_set) continue;
      const std::int64_t began = observations[call.observation].began.time_since_epoch().count();
      const auto [first, is_new] = of.began.try_emplace(call.event.value, began);
      if (!is_new) first->second = std::min(first->second, began);
    }
    for (const CacheCall& call : run.calls) {
      if (!shows_value(call.event)) continue;
      const Stored& of = stored[call.name()];
      if (of.is_unclear) continue;
      count_judged();
      const Observation& read = observations[call.observation];
      const auto source = of.began.find(call.event.value);
      if (source != of.began.end() && source->second <= read.ended.time_since_epoch().count()) continue;
      violate(read, fmt::format("key \"{}\" of the {} cache gave {}, which no request had stored under it by then",
                                call.key, call.backend, run.values.text(call.event.value)));
    }
  }

  void judge_include(const Observation& observation, const WrittenFiles& files) {
    const std::optional<Value> result = included(observation);
    if (!result) return;
    const std::string& path = observation.operation.text("path");
    if (files.names_are_loose()) {
      if (!files.all_literal()) return;
      count_judged();
      if (!files.anywhere(*result))
        violate(observation, fmt::format("{} gave {}, which no file that was written returns", path, to_text(*result)));
      return;
    }
    const auto& versions = files.versions(path);
    const bool all_known = std::all_of(versions.begin(), versions.end(), [](const auto& v) { return !!v.result; });
    if (versions.empty() || !all_known) return;
    count_judged();
    if (std::any_of(versions.begin(), versions.end(), [&](const auto& v) { return v.result == *result; })) return;
    violate(observation, fmt::format("{} gave {}, which none of the {} contents written there returns", path,
                                     to_text(*result), versions.size()));
  }
};

// Whether a directive may leave a runtime without a static cache, or a request without the right to it.
bool switches_off(std::string_view directive, std::string_view value) {
  if (directive.starts_with("opcache.static_cache.") && directive.ends_with("_size_mb")) return value == "0";
  if (directive == "opcache.enable") return value == "0";
  if (directive == "opcache.file_cache_only") return value == "1";
  return directive == "opcache.restrict_api" || directive == kPartitionRefused;
}

// By a checker of histories, with the freedom that the target declares. Misses are allowed where an eviction policy is
// declared; refusals of stores always; a search that takes too long makes no statement. Not judged: runs with a backend
// that is off, or may not be used, where everything fails (ST-AVL-05, ST-AVL-11).
class HistoryMonitor : public Monitor {
 public:
  HistoryMonitor(std::string_view id, const Description& description)
      : id_(id), rules_(cache_rules(description)), description_(description) {}
  std::string_view id() const override { return id_; }

  void begin(const Configuration& configuration) override {
    rules_ = cache_rules(description_, configuration.ini);
    for (const auto& [name, value] : configuration.ini) off_ = off_ || switches_off(name, value);
  }
  void finish(const RunRecord& record) override {
    if (off_) return;
    const CacheLinearizability result = check(record.data_caches(), record.observations(), rules_);
    if (result.verdict == Linearizability::inconclusive) return;
    for (std::uint64_t i = 0; i < result.calls; ++i) count_judged();
    if (result.verdict == Linearizability::no) violate(record.observations()[result.observation], result.message);
  }

 private:
  virtual CacheLinearizability check(const CacheRun& run, std::span<const Observation> observations,
                                     const CacheRules& rules) const = 0;

  std::string_view id_;
  CacheRules rules_;
  const Description& description_;
  bool off_ = false;
};

// GU-VAL-02 and GU-VAL-04, key by key.
class KeyHistoryMonitor final : public HistoryMonitor {
 public:
  KeyHistoryMonitor(std::string_view id, const Description& description, bool interrupted_only)
      : HistoryMonitor(id, description), interrupted_only_(interrupted_only) {}

 private:
  CacheLinearizability check(const CacheRun& run, std::span<const Observation> observations,
                             const CacheRules& rules) const override {
    constexpr std::uint64_t limit = 200'000;
    return interrupted_only_ ? check_interrupted_writes(run, observations, rules, limit)
                             : check_data_caches(run, observations, rules, limit);
  }

  bool interrupted_only_;
};

// ST-GET-10 (and ST-SET-19). Not judged: targets that read the keys of a list one by one (multi-read = per-key).
class ListReadMonitor final : public HistoryMonitor {
 public:
  explicit ListReadMonitor(const Description& description) : HistoryMonitor("ST-GET-10", description) {}

 private:
  CacheLinearizability check(const CacheRun& run, std::span<const Observation> observations,
                             const CacheRules& rules) const override {
    return check_list_reads(run, observations, rules);
  }
};

// GU-VAL-03. Inside one request that no other request of the run overlaps: a get after a store of the same key that
// reported success and has no time to live shows what was stored; a second include of a literal script shows what the
// first one showed. Not judged: targets that declare eviction, runs with faults, keys after a restart was asked for.
class ReadYourWrites final : public Monitor {
 public:
  explicit ReadYourWrites(const Description& description) : description_(description) {}
  std::string_view id() const override { return "GU-VAL-03"; }

  void begin(const Configuration& configuration) override {
    evicts_ = cache_rules(description_, configuration.ini).evicts();
  }

  void observe(const Observation& observation) override {
    // In the background: the world may have changed while it ran.
    if (observation.step < last_action_) overlapped_.insert(observation.step);
  }
  void observe(const ActionTaken& taken) override { last_action_ = taken.step; }
  void finish(const RunRecord& record) override {
    if (record.data_caches().faults) return;
    find_overlaps(record.observations());
    judge_data_caches(record.data_caches(), record.observations());
    judge_includes(record.observations(), record.files());
  }

 private:
  // The requests that some other request overlaps.
  void find_overlaps(std::span<const Observation> observations) {
    std::map<std::size_t, const Observation*> requests;
    for (const Observation& observation : observations) requests.emplace(observation.step, &observation);
    std::vector<const Observation*> by_begin;
    for (const auto& [step, observation] : requests) by_begin.push_back(observation);
    std::sort(by_begin.begin(), by_begin.end(), [](const auto* a, const auto* b) { return a->began < b->began; });
    const Observation* longest = nullptr;
    for (const Observation* request : by_begin) {
      if (longest && longest->ended >= request->began) overlapped_.insert({longest->step, request->step});
      if (!longest || longest->ended < request->ended) longest = request;
    }
  }

  void judge_data_caches(const CacheRun& run, std::span<const Observation> observations) {
    std::map<std::tuple<std::size_t, std::string, std::string>, std::int32_t> own;  // request, name -> value
    for (const CacheCall& call : run.calls) {
      if (call.is_reload) continue;
      const Observation& observation = observations[call.observation];
      const auto name = std::tuple(observation.step, call.backend, call.key);
      const KeyEvent& event = call.event;
      if (event.kind == Kind::clear) {
        std::erase_if(own, [&](const auto& known) { return std::get<0>(known.first) == observation.step; });
        continue;
      }
      const bool judged_here = !overlapped_.contains(observation.step) && !event.lossy && event.value >= 0 &&
                               !(evicts_ && call.backend != "pinned");
      if (!event.reads()) own.erase(name);
      if (!judged_here) continue;
      if (event.kind == Kind::set && event.result == Result::done && event.ttl == 0) own[name] = event.value;
      const auto known = own.find(name);
      if (event.kind != Kind::get || event.result == Result::failed || known == own.end()) continue;
      count_judged();
      if (known->second == event.value) continue;
      violate(observation, fmt::format("key \"{}\": this request had stored {} with success and then got {}", call.key,
                                       run.values.text(known->second), run.values.text(event.value)));
    }
  }

  void judge_includes(std::span<const Observation> observations, const WrittenFiles& files) {
    std::map<std::pair<std::size_t, std::string>, Value> own;
    for (const Observation& observation : observations) {
      // Between the two there may be nothing but includes: an invalidation, say, makes the second one newer.
      if (observation.operation.kind() != OperationKind::include) own.clear();
      const std::optional<Value> result = included(observation);
      if (!result || overlapped_.contains(observation.step)) continue;
      const std::string& path = observation.operation.text("path");
      const auto& versions = files.versions(path);
      if (versions.empty() || !std::all_of(versions.begin(), versions.end(), [](const auto& v) { return !!v.result; }))
        continue;
      const auto [first, is_first] = own.try_emplace({observation.step, path}, *result);
      if (is_first) continue;
      count_judged();
      if (first->second == *result) continue;
      violate(observation, fmt::format("{} gave {} and then, in the same request and unchanged, {}", path,
                                       to_text(first->second), to_text(*result)));
    }
  }

  const Description& description_;
  bool evicts_ = false;
  std::set<std::size_t> overlapped_;
  std::size_t last_action_ = 0;
};

}  // namespace

std::unique_ptr<Monitor> no_invented_value() {
  return std::make_unique<NoInventedValue>();
}
std::unique_ptr<Monitor> all_or_nothing(const Description& description) {
  return std::make_unique<KeyHistoryMonitor>("GU-VAL-02", description, true);
}
std::unique_ptr<Monitor> read_your_writes(const Description& description) {
  return std::make_unique<ReadYourWrites>(description);
}
std::unique_ptr<Monitor> linearizable_keys(const Description& description) {
  return std::make_unique<KeyHistoryMonitor>("GU-VAL-04", description, false);
}
std::unique_ptr<Monitor> lists_show_one_state(const Description& description) {
  return std::make_unique<ListReadMonitor>(description);
}

}  // namespace assay::conformance
