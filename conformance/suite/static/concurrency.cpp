// Workers at work at the same time: every history of a key has an order (GU-VAL-04).
#include <fmt/format.h>

#include <algorithm>

#include "conformance/checkers/cache_histories.h"
#include "conformance/exploration/campaign.h"
#include "conformance/exploration/histories.h"
#include "conformance/registry/registration.h"
#include "conformance/suite/static/contention.h"

using namespace assay::conformance;

namespace {

// A large value that shows a mixture of two stores.
Value checked_value(std::int64_t number) {
  std::vector<Value> rows(64, Value(number));
  return Value::list(std::move(rows));
}

class Contention final : public ContentionRounds {
 public:
  using ContentionRounds::ContentionRounds;

 private:
  void operation(RequestBuilder& request, const std::string& key) override {
    switch (drawn_below(8)) {
      case 0:
        request.remove_key(key);
        return;
      case 1:
        request.has_key(key);
        return;
      case 2:
      case 3:
      case 4:
        request.set(key, checked_value(next_number()));
        return;
      default:
        request.get(key, "nothing there");
    }
  }
};

}  // namespace

BODY_TEST("concurrency", "GU-VAL-04/two-keys", "ST-SET-03 ST-SET-04 ST-GET-12",
          "concurrent operations on two keys are linearizable",
          {"static_cache.volatile", "rendezvous", "workers.processes"}) {
  const auto make = [&](std::uint64_t number) {
    const int workers = 2 + static_cast<int>(number % 3);
    return Contention(context.target.description(), {context.seed + number, workers, 12})
        .build("contention", {"GU-VAL-04"});
  };
  return check_contention(context, {"GU-VAL-04", "pairs of requests that overlapped on a key",
                                    ByProfile{3, 15, 60}.of(context.profile), make});
}

namespace {

// Two writers replace one value as fast as they can, a third worker reads it as often.
class Replacement final : public Scenario {
 public:
  using Scenario::Scenario;

 private:
  void steps() override {
    auto workers_ = workers<3>();
    expect(workers_[0].set("k", large_value(0)), true);
    std::int64_t number = 0;
    for (int i = 0; i < 3; ++i) {
      const std::string name = fmt::format("worker {}", i);
      auto r = workers_[static_cast<std::size_t>(i)].background(name);
      r.rendezvous(fmt::format("go{}", i));
      for (int n = 0; n < 400; ++n) i < 2 ? r.set("k", large_value(++number % 10)) : r.get("k", "a gap");
    }
    for (int i = 0; i < 3; ++i) wait_for_arrival(fmt::format("go{}", i));
    for (int i = 0; i < 3; ++i) release(fmt::format("go{}", i));
    for (int i = 0; i < 3; ++i) await(fmt::format("worker {}", i));
  }

  static Value large_value(std::int64_t number) { return Value::list(std::vector<Value>(250, Value(number))); }
};

bool is_whole(const Value& value) {
  if (!value.is_array() || value.as_array().size() != 250) return false;
  const Value& first = value.as_array().front().second;
  return std::all_of(value.as_array().begin(), value.as_array().end(),
                     [&](const auto& e) { return e.second == first; });
}

}  // namespace

BODY_TEST("concurrency", "ST-SET-03/whole-reads", "GU-VAL-01 ST-GET-12",
          "a constantly replaced value is whole at each read",
          {"static_cache.volatile", "rendezvous", "workers.processes"}) {
  const bool evicts = cache_rules(context.target.description()).evicts();
  constexpr std::uint64_t needed = 10;
  HistoryOptions histories;
  histories.make = [&](std::uint64_t) {
    return Replacement(context.target.description()).build("replacement", {"ST-SET-03", "GU-VAL-01"});
  };
  // On a busy machine a reader and a writer may hardly meet in one run: then there are more.
  histories.most_traces = 60;
  histories.traces = ByProfile{3, 8, 40}.of(context.profile);
  histories.least = needed;
  histories.judge = [&](const Trace&, Execution& execution) {
    for (const Observation& o : execution.observations) {
      if (o.operation.kind() != OperationKind::cache_get) continue;
      if (is_whole(o.reply.value) || (evicts && o.reply.value == Value("a gap"))) continue;
      execution.verdict = Verdict::fail;
      execution.failed_clause = "ST-SET-03";
      execution.reason =
          fmt::format("read {} of \"k\" gave a value that nobody stored: {}", o.exchange, to_text(o.reply.value, 2000));
      return;
    }
  };
  histories.amount = [](const Execution& execution) {
    std::set<std::string> seen;
    for (const Observation& o : execution.observations) {
      if (o.operation.kind() == OperationKind::cache_get) seen.insert(to_text(o.reply.value, 20));
    }
    return static_cast<std::uint64_t>(seen.size());
  };
  histories.counted = "different values read";
  return Campaign(context.target, context.folder, {.least = needed}, {.with_monitors = false})
      .run(Histories(std::move(histories)));
}
