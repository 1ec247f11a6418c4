#include "conformance/adapters/process/self_check.h"

#include <fmt/format.h>
#include <signal.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <limits>

#include "conformance/adapter/stage.h"
#include "conformance/adapters/process/process_worker.h"

namespace assay::conformance::process {
namespace {

constexpr const char* kNoOperation = "assay_no_such_operation";
constexpr const char* kNoMessage = "assay_no_such_message";

class SelfCheck {
 public:
  SelfCheck(const ProcessSettings& settings, const Description& description, ProcessRuntime& runtime)
      : settings_(settings), description_(description), runtime_(runtime) {}

  Expected<void> run() {
    ASSAY_TRY(unknown_message());
    ASSAY_TRY(unknown_field());
    ASSAY_TRY(unknown_operation());
    ASSAY_TRY(process_ids());
    ASSAY_TRY(values());
    ASSAY_TRY(clock());
    ASSAY_TRY(turns());
    return points();
  }

 private:
  bool claims(const char* feature) const { return description_.features.contains(feature); }
  int workers() const { return claims("workers") ? 2 : 1; }

  tl::unexpected<Error> wrong(const std::string& what) const {
    return failure(runtime_.connection()->complaint(what + " (docs/adapter-protocol.md)"));
  }

  Expected<Json> raw(const Json& message, const char* name) {
    return runtime_.connection()->ask(message, name, settings_.limit);
  }

  // A later version of the suite may say more.
  Expected<void> unknown_message() {
    TimeBudget budget(settings_.limit);
    auto answer = runtime_.connection()->conversation->ask({{kNoMessage, 1}}, budget);
    if (answer.kind == Conversation::Answer::Kind::message && error_in(answer.message)) return {};
    return wrong(fmt::format("a message that it does not know must be answered with {{\"error\": why}}, not with {}",
                             answer.kind == Conversation::Answer::Kind::message
                                 ? answer.message.dump()
                                 : "silence or garbage: " + answer.detail));
  }

  Expected<void> unknown_field() {
    Json message = request_message(0, {}, "");
    message["assay_unknown_field"] = "to be overlooked";
    auto answer = ASSAY_TRY(raw(message, "a request with an unknown field"));
    auto replies = replies_from(answer, 0, runtime_.root());
    if (!replies) return wrong(fmt::format("a request without operations: {}", replies.error().message));
    return {};
  }

  Expected<void> unknown_operation() {
    const Json message = {{"worker", 0}, {"operations", Json::array({Json{{"op", kNoOperation}}})}};
    auto answer = ASSAY_TRY(raw(message, "an unknown operation"));
    auto replies = replies_from(answer, 1, runtime_.root());
    if (!replies) return wrong(fmt::format("an unknown operation: {}", replies.error().message));
    if (replies->front().kind == Reply::Kind::unsupported) return {};
    return wrong(
        fmt::format("an operation that it does not know must be answered with {{\"unsupported\": why}}, not with {}",
                    to_text(replies->front())));
  }

  Expected<std::vector<Reply>> request(int worker, std::vector<Operation> operations) {
    std::vector<Exchange> exchanges;
    for (Operation& operation : operations) exchanges.push_back({std::move(operation), "", {}});
    auto outcome = ASSAY_TRY(runtime_.worker(worker).execute(exchanges, settings_.limit));
    if (outcome.kind == Outcome::Kind::completed) return outcome.replies;
    return wrong(fmt::format("a request of worker {} {}: {}", worker, to_text(outcome.kind), outcome.detail));
  }

  Expected<void> process_ids() {
    for (int worker = 0; worker < workers(); ++worker) {
      const auto process = runtime_.worker(worker).process();
      const auto replies = ASSAY_TRY(request(worker, {make_operation(OperationKind::process_id, {})}));
      if (!process || replies[0].kind != Reply::Kind::value) continue;
      if (replies[0].value == Value(static_cast<std::int64_t>(*process))) continue;
      return wrong(fmt::format("process {} is named as worker {}, but another one answers: {}", *process, worker,
                               to_text(replies[0])));
    }
    return {};
  }

  // One value of each kind that the features promise.
  std::vector<Value> samples() const {
    std::vector<Value> samples = {nullptr,
                                  true,
                                  false,
                                  0,
                                  std::numeric_limits<std::int64_t>::max(),
                                  std::numeric_limits<std::int64_t>::min(),
                                  1.5,
                                  -0.0,
                                  1e308,
                                  std::numeric_limits<double>::infinity(),
                                  std::nan(""),
                                  "",
                                  "text",
                                  "\xc3\xa4\xe2\x82\xac \"\\\n",
                                  std::string("\0\xff\xfe", 3),
                                  Value(Elements{}),
                                  Value::list({1, Value::list({"a", nullptr})}),
                                  Value::map({{"k", 1}, {std::int64_t{7}, "v"}, {"", Value::list({})}})};
    if (claims("static_cache.objects")) samples.emplace_back(Object{1, false, "stdClass", {{"p", 1}}});
    return samples;
  }

  Expected<void> values() {
    if (!claims("static_cache.volatile")) return {};
    const std::string key = "assay self-check";
    for (const Value& value : samples()) {
      const auto replies = ASSAY_TRY(
          request(0, {make_operation(OperationKind::cache_set, {{"key", key}, {"value", value}}),
                      make_operation(OperationKind::cache_get, {{"key", key}, {"default", "nothing was stored"}})}));
      if (replies[0] == Reply::of(true) && replies[1] == Reply::of(value)) continue;
      // Where the adapter hands on the value that nobody stored, the cache behind it lost it: that is for the suite to judge.
      const auto echo = ASSAY_TRY(
          request(0, {make_operation(OperationKind::cache_get, {{"key", key + " echo"}, {"default", value}})}));
      if (replies[0].kind == Reply::Kind::value && replies[1].kind == Reply::Kind::value && echo[0] == Reply::of(value))
        continue;
      return wrong(fmt::format("the value {} does not come back: storing it gives {}, fetching it {}",
                               to_json(value).dump(), to_json(replies[0]).dump(), to_json(replies[1]).dump()));
    }
    const auto replies = ASSAY_TRY(request(0, {make_operation(OperationKind::cache_delete, {{"key", key}})}));
    return {};
  }

  Expected<void> clock() {
    if (!claims("clock.virtual")) return {};
    for (const int later : {0, 1000}) {
      if (later > 0) runtime_.control().advance_clock(std::chrono::seconds(later));
      const auto replies = ASSAY_TRY(request(0, {make_operation(OperationKind::time, {})}));
      if (replies[0] == Reply::of(clock_start + later)) continue;
      return wrong(
          fmt::format("it claims clock.virtual, so \"time\" must follow the suite's clock: that says {}, the "
                      "adapter {}; let the interposer be loaded, or do not claim it",
                      clock_start + later, to_text(replies[0])));
    }
    return {};
  }

  // While one worker is stopped the other one answers; the answers come in the other order.
  Expected<void> turns() {
    const auto first = workers() == 2 ? runtime_.worker(0).process() : std::nullopt;
    if (!first) return workers() == 2 ? both_in_flight() : Expected<void>();
    Conversation& conversation = *runtime_.connection()->conversation;
    ::kill(*first, SIGSTOP);
    TimeBudget budget(settings_.limit);
    const int held = conversation.send(request_message(0, {}, ""), budget);
    auto other = request(1, {});
    ::kill(*first, SIGCONT);
    TimeBudget rest(settings_.limit);
    auto late = conversation.wait(held, rest);
    if (!other)
      return wrong(
          "worker 1 must answer while worker 0 is stopped; each must be handed its requests and asked for its "
          "replies on its own: " +
          other.error().message);
    if (late.kind != Conversation::Answer::Kind::message || !replies_from(late.message, 0, runtime_.root()))
      return wrong("worker 0 does not answer a request after it was stopped and went on");
    return {};
  }

  // Whoever claims faults has workers that come to points, each under its own number; whoever claims kills has workers
  // that die there.
  Expected<void> points() {
    if (!claims("fault")) return {};
    for (int worker = 0; worker < workers(); ++worker) {
      ASSAY_TRY(runtime_.control().arm({points::count_at("*").for_worker(worker)}));
      ASSAY_TRY(request(worker, any_operation()));
      const std::uint64_t seen = runtime_.control().plan_status().front().seen;
      runtime_.control().disarm();
      if (seen == 0)
        return wrong(fmt::format(
            "it claims fault, but worker {} came to no point of the control block in a request: ask for the interposer "
            "(\"interposer\": true), or visit points yourself, under the number of the worker (docs/control-block.md)",
            worker));
    }
    return claims("fault.kill") ? kill_at_a_point() : Expected<void>();
  }

  std::vector<Operation> any_operation() const {
    if (claims("static_cache.volatile"))
      return {make_operation(OperationKind::cache_set, {{"key", "assay self-check"}, {"value", 1}})};
    return {make_operation(OperationKind::time, {})};
  }

  Expected<void> kill_at_a_point() {
    ASSAY_TRY(runtime_.control().arm({points::kill_at("*").for_worker(0)}));
    std::vector<Exchange> exchanges;
    for (Operation& operation : any_operation()) exchanges.push_back({std::move(operation), "", {}});
    const auto outcome = ASSAY_TRY(runtime_.worker(0).execute(exchanges, settings_.limit));
    runtime_.control().disarm();
    if (outcome.kind != Outcome::Kind::died)
      return wrong(
          fmt::format("it claims fault.kill, but a request of worker 0 that is to be killed at its first point {}",
                      to_text(outcome.kind)));
    ASSAY_TRY(runtime_.replace(0));
    ASSAY_TRY(request(0, {}));
    return {};
  }

  Expected<void> both_in_flight() {
    Conversation& conversation = *runtime_.connection()->conversation;
    TimeBudget budget(settings_.limit);
    const int one = conversation.send(request_message(0, {}, ""), budget);
    const int two = conversation.send(request_message(1, {}, ""), budget);
    for (const int number : {two, one}) {
      const auto answer = conversation.wait(number, budget);
      if (answer.kind != Conversation::Answer::Kind::message || !replies_from(answer.message, 0, runtime_.root()))
        return wrong("of two requests that were sent to two workers, one got no reply");
    }
    return {};
  }

  const ProcessSettings& settings_;
  const Description& description_;
  ProcessRuntime& runtime_;
};

}  // namespace

Expected<void> check_adapter(const ProcessSettings& settings, const Description& description) {
  const TemporaryStage stage = ASSAY_TRY(TemporaryStage::make());
  Configuration configuration;
  if (description.features.contains("workers")) configuration.pools = {Pool{.workers = 2, .ini = {}, .master = 0}};
  auto runtime = ASSAY_TRY(ProcessRuntime::start(settings, configuration, stage.sandbox()));
  ASSAY_TRY(SelfCheck(settings, description, *runtime).run());
  return runtime->finish();
}

}  // namespace assay::conformance::process
