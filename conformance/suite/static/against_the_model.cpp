// The data cache against its model: random traces, and all short ones.
#include "conformance/adapter/eviction_choice.h"
#include "conformance/exploration/campaign.h"
#include "conformance/exploration/model_check.h"
#include "conformance/generators/exhaustive.h"
#include "conformance/generators/trace_generators.h"
#include "conformance/generators/variations.h"
#include "conformance/models/judge_reservations.h"
#include "conformance/models/slow_requests.h"
#include "conformance/models/volatile_model.h"
#include "conformance/registry/registration.h"

using namespace assay::conformance;

namespace {

Model entries_as_declared(const Description& target) {
  CacheRules rules = cache_rules(target);
  rules.may_refuse = false;  // a few small values in an empty cache
  return
      [rules](const Trace& trace, std::span<const Observation> seen) { return judge_data_cache(trace, seen, rules); };
}

Model reservations_as_declared(const Description& target) {
  return [rules = reservation_rules(target)](const Trace& trace, std::span<const Observation> seen) {
    return judge_reservations(trace, seen, rules);
  };
}

const std::set<std::string> features = {"static_cache.volatile", "static_cache.ttl", "clock.virtual", "workers"};

// Monitors stay off: they would judge the same replies once more.
TestResult check(const TestContext& context, Model model, ModelCheck::MakeTrace make) {
  const CampaignOptions options{.shrink = {400, std::chrono::seconds(2)}};
  return Campaign(context.target, context.folder, options, {.with_monitors = false})
      .run(ModelCheck(std::move(model), std::move(make)));
}

// Where entries that expired are known to come back, nothing but that would be found (GU-IDN-04 has a test of its own).
CacheTraceOptions options_for(const TestContext& context, int steps) {
  CacheTraceOptions options;
  options.steps = steps;
  const auto& choices = context.target.description().choices;
  const auto expired = choices.find("expired");
  options.clock_steps_back = expired == choices.end() || expired->second != "returns";
  return options;
}

TestResult random_traces(const TestContext& context, Model model, const std::function<Trace(std::uint64_t)>& make) {
  const std::uint64_t traces = ByProfile{20, 100, 1'000}.of(context.profile);
  return check(context, std::move(model), ModelCheck::random(context.seed, traces, make));
}

}  // namespace

BODY_TEST("property", "ST-SET-04/random", "ST-GET-13 ST-AVL-09",
          "random operations of three workers agree with the model", features) {
  CacheTraceOptions options = options_for(context, 50);
  options.workers = 3;
  return random_traces(context, entries_as_declared(context.target.description()),
                       [&](std::uint64_t seed) { return random_cache_trace(seed, options); });
}

BODY_TEST("property", "ST-SET-04/repeated-at-once", "ST-GET-13 ST-SET-13 ST-TTL-07",
          "cache operations that come twice within one second agree with the model", features) {
  const CacheTraceOptions options = options_for(context, 40);
  return random_traces(context, entries_as_declared(context.target.description()),
                       [&](std::uint64_t seed) { return twice_in_a_row(random_cache_trace(seed, options), seed); });
}

namespace {

// All that the target has beside the proposal.
CacheTraceOptions extended_options(const TestContext& context, int steps, int workers) {
  CacheTraceOptions options = options_for(context, steps);
  const auto& claims = context.target.description().features;
  options.workers = workers;
  options.adds = claims.contains("static_cache.add");
  options.counters = claims.contains("static_cache.counters");
  options.remembers = claims.contains("static_cache.remember");
  options.listings = claims.contains("static_cache.keys");
  return options;
}

}  // namespace

BODY_TEST("property", "ST-EXT-01/random", "ST-EXT-02 ST-EXT-03 ST-EXT-04 ST-EXT-05 ST-EXT-06 ST-EXT-08 ST-TTL-04",
          "random adds, counts, computed values and listings of three workers agree with the model", features) {
  return random_traces(context, entries_as_declared(context.target.description()),
                       [&](std::uint64_t seed) { return random_cache_trace(seed, extended_options(context, 50, 3)); });
}

BODY_TEST("property", "ST-EXT-01/slow-requests", "ST-EXT-02 ST-EXT-04 ST-EXT-05 ST-EXT-08 ST-TTL-04",
          "adds, counts and computed values in requests that see the clock move agree with the model",
          {"static_cache.volatile", "static_cache.ttl", "clock.virtual", "workers", "rendezvous"}) {
  const Model model = [entries = entries_as_declared(context.target.description())](const Trace& trace,
                                                                                    std::span<const Observation> seen) {
    return judge_in_sequence(entries, trace, seen);
  };
  return random_traces(context, model, [&](std::uint64_t seed) {
    return with_slow_requests(random_cache_trace(seed, extended_options(context, 60, 2)), seed);
  });
}

namespace {

constexpr const char* counting = "ST-CNT-02 ST-CNT-03 ST-CNT-04 ST-CNT-05 ST-CNT-08 ST-TTL-01 ST-FUL-03 ST-GET-13";
const std::set<std::string> pinned_features = {"static_cache.pinned", "clock.virtual", "workers"};

CacheTraceOptions pinned_options(int steps, int workers) {
  CacheTraceOptions options;
  options.backend = "pinned";
  options.counters = true;
  options.steps = steps;
  options.workers = workers;
  return options;
}

}  // namespace

BODY_TEST("property", "ST-CNT-01/random", counting,
          "random operations and counts of three workers on the pinned backend agree with the model", pinned_features) {
  return random_traces(context, entries_as_declared(context.target.description()),
                       [](std::uint64_t seed) { return random_cache_trace(seed, pinned_options(50, 3)); });
}

BODY_TEST("property", "ST-CNT-01/repeated-at-once", counting,
          "operations on the pinned backend that come twice within one second agree with the model", pinned_features) {
  return random_traces(context, entries_as_declared(context.target.description()), [](std::uint64_t seed) {
    return twice_in_a_row(random_cache_trace(seed, pinned_options(40, 2)), seed);
  });
}

BODY_TEST("property", "ST-TTL-06/slow-requests", "ST-TTL-04 ST-TTL-08 ST-GET-14",
          "operations of requests that go on while the clock moves agree with the model",
          {"static_cache.volatile", "static_cache.ttl", "clock.virtual", "workers", "rendezvous"}) {
  const CacheTraceOptions options = options_for(context, 60);
  const Model model = [entries = entries_as_declared(context.target.description())](const Trace& trace,
                                                                                    std::span<const Observation> seen) {
    return judge_in_sequence(entries, trace, seen);
  };
  return random_traces(context, model,
                       [&](std::uint64_t seed) { return with_slow_requests(random_cache_trace(seed, options), seed); });
}

BODY_TEST("property", "ST-LCK-01/repeated-at-once", "ST-LCK-04 ST-LCK-07 ST-LCK-12",
          "reservations that are asked for twice within one second agree with the model",
          {"static_cache.volatile", "static_cache.locks", "clock.virtual", "workers"}) {
  ReservationTraceOptions options;
  options.steps = 40;
  options.workers = 3;
  return random_traces(context, reservations_as_declared(context.target.description()), [&](std::uint64_t seed) {
    return twice_in_a_row(random_reservation_trace(seed, options), seed);
  });
}

BODY_TEST("property", "ST-LCK-01/random", "ST-LCK-04 ST-LCK-05 ST-LCK-07 ST-LCK-10 ST-LCK-12 ST-LCK-16 ST-LCK-17",
          "random reservations of three workers agree with the model",
          {"static_cache.volatile", "static_cache.locks", "clock.virtual", "workers"}) {
  ReservationTraceOptions options;
  options.steps = 50;
  options.workers = 3;
  return random_traces(context, reservations_as_declared(context.target.description()),
                       [&](std::uint64_t seed) { return random_reservation_trace(seed, options); });
}

namespace {

// On a backend of 8 MiB, so that little is enough to fill it; with this choice of a full one, or with the target's own.
TestResult in_little_room(const TestContext& context, const CacheTraceOptions& options, const char* choice = nullptr) {
  const auto make = [&](std::uint64_t seed) {
    Trace trace = random_cache_trace(seed, options);
    trace.configuration.ini["opcache.static_cache.volatile_size_mb"] = "8";
    if (choice != nullptr) trace.configuration.ini[kEvictionChoice] = choice;
    return trace;
  };
  const Model model = [&](const Trace& trace, std::span<const Observation> seen) {
    return judge_data_cache(trace, seen, cache_rules(context.target.description(), trace.configuration.ini));
  };
  const std::uint64_t traces = ByProfile{5, 12, 200}.of(context.profile);
  return check(context, model, ModelCheck::random(context.seed, traces, make));
}

TestResult nearly_full(const TestContext& context, const char* choice) {
  CacheTraceOptions options;
  options.steps = 30;
  options.keys = 9;
  options.nearly_full = true;
  options.clock_steps_back = false;
  return in_little_room(context, options, choice);
}

const std::set<std::string> features_of_choices = {"static_cache.eviction", "static_cache.ttl", "clock.virtual",
                                                   "workers"};

}  // namespace

BODY_TEST("property", "ST-FUL-02/random", "ST-FUL-01 ST-SET-01",
          "random stores into room in pieces succeed wherever as much was held before",
          {"static_cache.volatile", "workers"}) {
  CacheTraceOptions options;
  options.steps = 150;
  options.keys = 40;
  options.in_pieces = true;
  options.clock_steps = false;
  return in_little_room(context, options);
}

BODY_TEST("property", "ST-FUL-04/random", "ST-FUL-01 ST-SET-01",
          "random operations on a backend that is nearly full agree with the model", features) {
  return nearly_full(context, nullptr);
}

BODY_TEST("property", "ST-FUL-04/random-wipe", "ST-SET-01",
          "random operations on a backend that is nearly full agree with the model of wipes", features_of_choices) {
  return nearly_full(context, "wipe");
}

BODY_TEST("property", "ST-FUL-04/random-lru", "ST-SET-01",
          "random operations on a backend that is nearly full agree with the model of least recent use",
          features_of_choices) {
  return nearly_full(context, "lru");
}

namespace {

// Requests of one worker that follow each other become one.
void append(Trace& joined, const Step& step) {
  const auto* request = std::get_if<Request>(&step);
  auto* last = std::get_if<Request>(&joined.steps.back());
  if (!request || !last || last->worker != request->worker) {
    joined.steps.push_back(step);
    return;
  }
  last->exchanges.insert(last->exchanges.end(), request->exchanges.begin(), request->exchanges.end());
}

// Many short traces as one, on one runtime: each begins with an empty cache.
ModelCheck::Joined joined(ExhaustiveTraces all, int workers, const std::string& backend) {
  ModelCheck::Joined joined;
  joined.trace.name = "all short traces";
  joined.trace.configuration.pools.assign(static_cast<std::size_t>(workers), Pool{});
  while (auto part = all.next()) {
    joined.starts.push_back(joined.trace.steps.size());
    Request clear;
    clear.exchanges.push_back({make_operation(OperationKind::cache_clear, {{"backend", backend}}), "", std::nullopt});
    joined.trace.steps.emplace_back(std::move(clear));
    for (const Step& step : part->steps) append(joined.trace, step);
    joined.parts.push_back(std::move(*part));
  }
  return joined;
}

}  // namespace

BODY_TEST("exhaustive", "ST-SET-01/exhaustive", "ST-SET-13 ST-SET-15 ST-TTL-04 ST-TTL-07 ST-GET-02",
          "every trace of up to three operations agrees with the model", features) {
  ExhaustiveOptions options;
  options.operations = context.profile == Profile::thorough ? 4 : 3;
  const auto once = [&](std::uint64_t number) -> std::optional<ModelCheck::Joined> {
    if (number > 0) return std::nullopt;
    return joined(ExhaustiveTraces(options), options.workers, options.backend);
  };
  return check(context, entries_as_declared(context.target.description()), once);
}

BODY_TEST("exhaustive", "ST-CNT-01/exhaustive", "ST-CNT-02 ST-CNT-03 ST-SET-13 ST-SET-15",
          "every trace of up to three operations on the pinned backend agrees with the model",
          {"static_cache.pinned", "workers"}) {
  ExhaustiveOptions options;
  options.operations = context.profile == Profile::thorough ? 4 : 3;
  options.backend = "pinned";
  options.clock = false;
  options.counters = true;
  const auto once = [&](std::uint64_t number) -> std::optional<ModelCheck::Joined> {
    if (number > 0) return std::nullopt;
    return joined(ExhaustiveTraces(options), options.workers, options.backend);
  };
  return check(context, entries_as_declared(context.target.description()), once);
}
