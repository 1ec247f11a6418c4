// Lists that are read while others write: each shows one state (ST-GET-10), and a clear in whole or not (ST-SET-19).
#include <fmt/format.h>

#include "conformance/checkers/snapshot_histories.h"
#include "conformance/exploration/campaign.h"
#include "conformance/exploration/histories.h"
#include "conformance/registry/registration.h"

using namespace assay::conformance;

namespace {

// In each round one worker stores the first and then the last key of a list, or clears and stores them, while others
// read the list as often as they can. The keys between them are not there: they make each reading last. Once the writer
// stands between its two stores until each reader has read: chance alone brings that about on an idle machine only.
class ListReading final : public Scenario {
 public:
  ListReading(const Description& target, bool clears) : Scenario(target), clears_(clears) {}

 private:
  static constexpr int rounds = 12, pairs = 12, reads = 20;

  void steps() override {
    const auto all = workers<3>();
    for (int round = 0; round < rounds; ++round) {
      std::vector<std::string> requests, begun, halfway;
      for (WorkerHandle worker : all) {
        requests.push_back(fmt::format("round {}, worker {}", round, worker.number()));
        begun.push_back(requests.back() + ", begun");
        halfway.push_back(requests.back() + ", halfway");
        auto request = worker.background(requests.back());
        request.rendezvous(begun.back());
        worker.number() == 0 ? write(request, halfway.back()) : read(request, halfway.back());
      }
      for (const std::string& name : begun) wait_for_arrival(name);
      release(begun[0]);
      wait_for_arrival(halfway[0]);
      for (const std::size_t reader : {1, 2}) release(begun[reader]);
      for (const std::size_t reader : {1, 2}) wait_for_arrival(halfway[reader]);
      for (const std::string& name : halfway) release(name);
      for (const std::string& name : requests) await(name);
    }
  }

  void write(RequestBuilder& request, const std::string& halfway) {
    for (int i = 0; i < pairs; ++i) {
      ++stored_;
      if (clears_) request.clear_cache();
      request.set("first", stored_);
      if (i == 0) request.rendezvous(halfway);
      request.set("last", stored_);
    }
  }

  void read(RequestBuilder& request, const std::string& halfway) const {
    for (int i = 0; i < reads; ++i) {
      if (i == 1) request.rendezvous(halfway);
      request.get_multiple(keys_);
    }
  }

  static std::vector<Value> listed() {
    std::vector<Value> keys = {"first"};
    for (int i = 0; i < 60; ++i) keys.emplace_back(fmt::format("between-{}", i));
    keys.emplace_back("last");
    return keys;
  }

  bool clears_;
  std::int64_t stored_ = 0;
  const std::vector<Value> keys_ = listed();
};

// Lists that showed something of two stores, so that the reading met the writing.
std::uint64_t lists_amid_writes(const Execution& execution) {
  std::uint64_t found = 0;
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
  const CacheRules rules = cache_rules(context.target.description());
  if (!rules.lists_are_snapshots) {
    TestResult skipped;
    skipped.verdict = Verdict::skip;
    skipped.reason = "the target declares multi-read = per-key: it may read the keys of a list one by one";
    return skipped;
  }
  constexpr std::uint64_t needed = 10;
  HistoryOptions histories;
  histories.make = [&](std::uint64_t) {
    return ListReading(context.target.description(), clears).build("lists", clauses);
  };
  histories.most_traces = 60;
  histories.traces = ByProfile{2, 8, 40}.of(context.profile);
  histories.least = needed;
  histories.judge = [&](const Trace& trace, Execution& execution) {
    const CacheLinearizability checked =
        check_list_reads(cache_run(trace, execution.observations), execution.observations, rules, 1'000'000);
    if (checked.verdict == Linearizability::yes && checked.calls > 0) return;
    execution.verdict = checked.verdict == Linearizability::no ? Verdict::fail : Verdict::inconclusive;
    execution.failed_clause = clauses.front();
    execution.also_broken.insert(clauses.begin(), clauses.end());
    execution.reason = checked.calls > 0 ? checked.message : "no requests overlapped: there is nothing to judge";
  };
  histories.amount = lists_amid_writes;
  histories.counted = "lists read amid the stores";
  return Campaign(context.target, context.folder, {.least = needed}, {.with_monitors = false})
      .run(Histories(std::move(histories)));
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
