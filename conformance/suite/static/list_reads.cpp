// Lists that are read while others write: each shows one state (ST-GET-10), and a clear in whole or not (ST-SET-19).
#include <fmt/format.h>

#include "conformance/checkers/snapshot_histories.h"
#include "conformance/execution/executor.h"
#include "conformance/registry/registration.h"

using namespace assay::conformance;

namespace {

// In each round one worker stores the first and then the last key of a list, or clears and stores them, while others
// read the list as often as they can. The keys between them are not there: they make each reading last.
class ListReading final : public Scenario {
 public:
  ListReading(const Description& target, bool clears, int rounds)
      : Scenario(target), clears_(clears), rounds_(rounds) {}

 private:
  void steps() override {
    const auto hands = workers<3>();
    for (int round = 0; round < rounds_; ++round) {
      std::vector<std::string> names;
      for (WorkerHandle hand : hands) {
        names.push_back(fmt::format("round {}, worker {}", round, hand.number()));
        auto request = hand.background(names.back());
        request.rendezvous(names.back());
        hand.number() == 0 ? write(request) : read(request);
      }
      for (const std::string& name : names) wait_for_arrival(name);
      for (const std::string& name : names) release(name);
      for (const std::string& name : names) await(name);
    }
  }

  void write(RequestBuilder& request) {
    for (int i = 0; i < 12; ++i) {
      ++stored_;
      if (clears_) request.clear_cache();
      request.set("first", stored_);
      request.set("last", stored_);
    }
  }

  void read(RequestBuilder& request) const {
    for (int i = 0; i < 20; ++i) request.get_multiple(keys_);
  }

  static std::vector<Value> listed() {
    std::vector<Value> keys = {"first"};
    for (int i = 0; i < 60; ++i) keys.emplace_back(fmt::format("between-{}", i));
    keys.emplace_back("last");
    return keys;
  }

  bool clears_;
  int rounds_;
  std::int64_t stored_ = 0;
  const std::vector<Value> keys_ = listed();
};

// Lists that showed something of two stores, so that the reading met the writing.
std::size_t lists_amid_writes(const Execution& execution) {
  std::size_t found = 0;
  for (const Observation& seen : execution.observations) {
    if (seen.operation.kind() != OperationKind::cache_get_multiple || !seen.reply.value.is_array()) continue;
    std::set<std::string> shown;
    for (const auto& [key, value] : seen.reply.value.as_array()) {
      if (key == Key("first") || key == Key("last")) shown.insert(to_text(value));
    }
    if (shown.size() > 1) ++found;
  }
  return found;
}

TestResult every_list_shows_one_state(const TestContext& context, bool clears,
                                      const std::vector<std::string>& clauses) {
  TestResult result;
  const CacheRules rules = cache_rules(context.target.description());
  if (!rules.lists_are_snapshots) {
    result.verdict = Verdict::skip;
    result.reason = "the target declares multi-read = per-key: it may read the keys of a list one by one";
    return result;
  }
  constexpr std::size_t needed = 10;
  constexpr int most = 30;
  const int least = context.profile == Profile::quick ? 2 : most;
  Executor executor(context.target, context.folder, {.with_monitors = false});
  const Trace trace = ListReading(context.target.description(), clears, 12).build("lists", clauses);
  std::size_t met = 0;
  for (int run = 0; run < least || (run < most && met < needed); ++run) {
    const Execution execution = executor.run(trace);
    result.evidence += execution.evidence;
    if (execution.verdict != Verdict::pass) return result_of(execution, trace);
    met += lists_amid_writes(execution);
    const CacheLinearizability checked =
        check_list_reads(cache_run(trace, execution.observations), execution.observations, rules, 1'000'000);
    if (checked.verdict == Linearizability::yes && checked.calls > 0) continue;
    result.verdict = checked.verdict == Linearizability::no ? Verdict::fail : Verdict::inconclusive;
    result.reason = checked.calls > 0 ? checked.message : "no requests overlapped: there is nothing to judge";
    if (result.verdict != Verdict::fail) return result;
    for (const std::string& clause : clauses) result.clauses[clause] = Verdict::fail;
    result.failing_trace = trace;
    return result;
  }
  if (met >= needed) return result;
  result.verdict = Verdict::inconclusive;
  result.reason =
      fmt::format("only {} lists were read amid the stores; this says too little ({} are needed)", met, needed);
  return result;
}

}  // namespace

BODY_TEST("concurrency", "ST-GET-10/list-read", "", "a list read while its keys are stored in order shows one state",
          {"static_cache.volatile", "rendezvous", "workers.processes"}) {
  return every_list_shows_one_state(context, false, {"ST-GET-10"});
}

BODY_TEST("concurrency", "ST-SET-19/list-read", "ST-GET-10", "a list read while its keys are cleared shows all or none",
          {"static_cache.volatile", "rendezvous", "workers.processes"}) {
  return every_list_shows_one_state(context, true, {"ST-SET-19", "ST-GET-10"});
}
