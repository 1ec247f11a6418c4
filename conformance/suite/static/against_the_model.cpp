// The data cache against its model: random traces, and all short ones.
#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "conformance/execution/executor.h"
#include "conformance/generators/exhaustive.h"
#include "conformance/generators/shrink.h"
#include "conformance/generators/trace_generators.h"
#include "conformance/models/judge_reservations.h"
#include "conformance/models/volatile_model.h"
#include "conformance/registry/registration.h"

using namespace assay::conformance;

namespace {

// A run and what the model says of it. Monitors stay off: they would judge the same replies once more.
class ModelCheck {
 public:
  using Judge = std::function<Judgement(const Trace&, std::span<const Observation>)>;
  ModelCheck(TestContext& context, Judge judge)
      : executor_(context.target, context.folder, {.with_monitors = false}), judge_(std::move(judge)) {}

  struct Outcome {
    Execution execution;
    std::optional<Refusal> refusal;
    std::uint64_t judged = 0;
  };
  Outcome run(const Trace& trace) {
    Outcome outcome{executor_.run(trace), std::nullopt, 0};
    if (outcome.execution.verdict != Verdict::pass) return outcome;
    Judgement judgement = judge_(trace, outcome.execution.observations);
    outcome.refusal = std::move(judgement.refusal);
    outcome.judged = judgement.judged;
    return outcome;
  }

 private:
  Executor executor_;
  Judge judge_;
};

ModelCheck::Judge entries_as_declared(const Description& target) {
  CacheRules rules = cache_rules(target);
  rules.may_refuse = false;  // a few small values in an empty cache
  return
      [rules](const Trace& trace, std::span<const Observation> seen) { return judge_data_cache(trace, seen, rules); };
}

ModelCheck::Judge reservations_as_declared(const Description& target) {
  return [rules = reservation_rules(target)](const Trace& trace, std::span<const Observation> seen) {
    return judge_reservations(trace, seen, rules);
  };
}

Matcher anything_but(const Reply& reply) {
  if (reply.kind == Reply::Kind::thrown) return negated(throws(reply.error_class));
  return negated(equals(reply.value));
}

// The trace as a test of its own: it fails where it gives again what the model refused.
Trace with_expectation(Trace trace, const ModelCheck::Outcome& outcome) {
  const Refusal& refusal = *outcome.refusal;
  for (const Observation& observation : outcome.execution.observations) {
    if (observation.step != refusal.step || observation.exchange != refusal.exchange) continue;
    std::get<Request>(trace.steps[refusal.step]).exchanges[refusal.exchange].expected = anything_but(observation.reply);
  }
  trace.clauses = {refusal.clause};
  trace.note = refusal.message;
  return trace;
}

TestResult failed(const ModelCheck::Outcome& outcome, const Trace& trace) {
  TestResult result;
  if (!outcome.refusal) return result_of(outcome.execution, trace);
  const Trace judging = with_expectation(trace, outcome);
  result.verdict = Verdict::fail;
  result.clauses[outcome.refusal->clause] = Verdict::fail;
  result.reason = fmt::format("step {}: {}", outcome.refusal->step + 1, outcome.refusal->message);
  result.details = to_text(judging);
  result.failing_trace = judging;
  return result;
}

TestResult shrunk(ModelCheck& check, ModelCheck::Outcome outcome, const Trace& trace) {
  if (!outcome.refusal) return failed(outcome, trace);
  const std::string clause = outcome.refusal->clause;
  const Fails fails = [&](const Trace& smaller) -> std::optional<std::string> {
    const auto again = check.run(smaller);
    return again.refusal ? std::optional(again.refusal->clause) : std::nullopt;
  };
  const Shrunk small = shrink(trace, clause, fails, is_legal, {400, std::chrono::seconds(2)});
  ModelCheck::Outcome last = check.run(small.trace);
  if (last.refusal) return failed(last, small.trace);
  return failed(outcome, trace);
}

const std::set<std::string> features = {"static_cache.volatile", "static_cache.ttl", "clock.virtual", "workers"};

}  // namespace

namespace {

TestResult random_traces(TestContext& context, ModelCheck check, const std::function<Trace(std::uint64_t seed)>& make) {
  TestResult result;
  const std::uint64_t traces = context.profile == Profile::quick ? 20 : 200;
  for (std::uint64_t i = 0; i < traces; ++i) {
    const Trace trace = make(context.seed + i);
    const ModelCheck::Outcome outcome = check.run(trace);
    result.evidence += outcome.execution.evidence;
    if (outcome.execution.verdict == Verdict::pass && !outcome.refusal) continue;
    TestResult failure = shrunk(check, outcome, trace);
    failure.evidence = result.evidence;
    return failure;
  }
  return result;
}

}  // namespace

BODY_TEST("property", "ST-SET-04/random", "ST-GET-13 ST-AVL-09",
          "random operations of three workers agree with the model", features) {
  CacheTraceOptions options;
  options.steps = 50;
  options.workers = 3;
  return random_traces(context, ModelCheck(context, entries_as_declared(context.target.description())),
                       [&](std::uint64_t seed) { return random_cache_trace(seed, options); });
}

BODY_TEST("property", "ST-LCK-01/random", "ST-LCK-04 ST-LCK-05 ST-LCK-07 ST-LCK-10 ST-LCK-12 ST-LCK-16 ST-LCK-17",
          "random reservations of three workers agree with the model",
          {"static_cache.volatile", "static_cache.locks", "clock.virtual", "workers"}) {
  ReservationTraceOptions options;
  options.steps = 50;
  options.workers = 3;
  return random_traces(context, ModelCheck(context, reservations_as_declared(context.target.description())),
                       [&](std::uint64_t seed) { return random_reservation_trace(seed, options); });
}

namespace {

// Many short traces as one, on one runtime: each begins with an empty cache. Requests of one worker that follow each
// other become one.
class Joined {
 public:
  explicit Joined(int workers) {
    trace.name = "all short traces";
    trace.configuration.pools.assign(static_cast<std::size_t>(workers), Pool{});
  }

  void append(const Trace& part) {
    begins_.push_back(trace.steps.size());
    Request clear;
    clear.exchanges.push_back({make_operation(OperationKind::cache_clear, {}), "", std::nullopt});
    trace.steps.emplace_back(std::move(clear));
    for (const Step& step : part.steps) append(step);
  }

  // The short trace that holds a step.
  std::size_t part_of(std::size_t step) const {
    return static_cast<std::size_t>(std::upper_bound(begins_.begin(), begins_.end(), step) - begins_.begin() - 1);
  }

  Trace trace;

 private:
  void append(const Step& step) {
    const auto* request = std::get_if<Request>(&step);
    auto* last = std::get_if<Request>(&trace.steps.back());
    if (!request || !last || last->worker != request->worker) {
      trace.steps.push_back(step);
      return;
    }
    last->exchanges.insert(last->exchanges.end(), request->exchanges.begin(), request->exchanges.end());
  }

  std::vector<std::size_t> begins_;
};

}  // namespace

BODY_TEST("exhaustive", "ST-SET-01/exhaustive", "ST-SET-13 ST-SET-15 ST-TTL-04 ST-TTL-07 ST-GET-02",
          "every trace of up to three operations agrees with the model", features) {
  ExhaustiveOptions options;
  options.operations = context.profile == Profile::thorough ? 4 : 3;
  ExhaustiveTraces all(options);
  std::vector<Trace> parts;
  Joined joined(options.workers);
  while (auto part = all.next()) {
    joined.append(*part);
    parts.push_back(std::move(*part));
  }
  ModelCheck check(context, entries_as_declared(context.target.description()));
  const ModelCheck::Outcome outcome = check.run(joined.trace);
  TestResult result;
  result.evidence = outcome.execution.evidence;
  result.evidence.traces = parts.size();
  if (outcome.execution.verdict == Verdict::pass && !outcome.refusal) return result;
  // Alone, on a fresh runtime, a failure is short enough to be read.
  const std::size_t step = outcome.refusal ? outcome.refusal->step : outcome.execution.failed_step;
  const Trace& part = parts[joined.part_of(step)];
  const ModelCheck::Outcome alone = check.run(part);
  TestResult failure = alone.refusal ? failed(alone, part) : failed(outcome, joined.trace);
  failure.evidence = result.evidence;
  return failure;
}
