#pragma once

#include <chrono>
#include <deque>
#include <utility>
#include <vector>

#include "conformance/scenario/operations.h"
#include "conformance/vocabulary/observation.h"
#include "conformance/vocabulary/trace.h"

namespace assay::conformance {

// A trace and what a target is said to have answered, written down together: what models and monitors are tested with.
// Requests run one after the other, a tick each; overlapping ones are made with `overlap`.
class ObservedRun {
 public:
  explicit ObservedRun(int workers = 2) { trace.configuration.pools.assign(static_cast<std::size_t>(workers), Pool{}); }

  // A request of one operation.
  Observation& answered(int worker, Operation operation, Reply reply) {
    trace.steps.emplace_back(Request{worker, {Exchange{operation, "", std::nullopt}}, "", "completed", 0});
    Observation made;
    made.step = trace.steps.size() - 1;
    made.worker = worker;
    made.operation = std::move(operation);
    made.reply = std::move(reply);
    made.began = tick();
    made.ended = tick();
    made.began_at = made.ended_at = now;
    observations.push_back(std::move(made));
    return observations.back();
  }
  Observation& answered(int worker, Operation operation, Value value) {
    return answered(worker, std::move(operation), Reply::of(std::move(value)));
  }
  // One more operation in the request of the last observation.
  Observation& then(Operation operation, Value value) {
    Observation made = observations.back();
    std::get<Request>(trace.steps.back()).exchanges.push_back(Exchange{operation, "", std::nullopt});
    ++made.exchange;
    made.operation = std::move(operation);
    made.reply = Reply::of(std::move(value));
    observations.push_back(std::move(made));
    return observations.back();
  }
  ActionTaken& act(ActionKind kind, std::initializer_list<std::pair<const char*, Value>> arguments) {
    const Action& action = made_.emplace_back(make_action(kind, arguments));
    trace.steps.emplace_back(action);
    if (kind == ActionKind::advance_clock) now += action.integer("seconds");
    actions.push_back({trace.steps.size() - 1, &action, tick(), tick(), now});
    return actions.back();
  }
  void advance(std::int64_t seconds) { act(ActionKind::advance_clock, {{"seconds", seconds}}); }

  // The operations, short.
  static Operation set(const char* key, Value value, std::int64_t ttl = 0) {
    return make_operation(OperationKind::cache_set, {{"key", key}, {"value", std::move(value)}, {"ttl", ttl}});
  }
  static Operation get(const char* key) { return make_operation(OperationKind::cache_get, {{"key", key}}); }
  static Operation get(const char* key, Value standard) {
    return make_operation(OperationKind::cache_get, {{"key", key}, {"default", std::move(standard)}});
  }
  static Operation get_all(std::vector<Value> keys) {
    return make_operation(OperationKind::cache_get_multiple, {{"keys", Value::list(std::move(keys))}});
  }
  static Operation has(const char* key) { return make_operation(OperationKind::cache_has, {{"key", key}}); }
  static Operation remove(const char* key) { return make_operation(OperationKind::cache_delete, {{"key", key}}); }
  static Operation clear() { return make_operation(OperationKind::cache_clear, {}); }
  static Operation info() { return make_operation(OperationKind::cache_info, {}); }

  Trace trace;
  std::vector<Observation> observations;
  std::vector<ActionTaken> actions;
  std::int64_t now = clock_start;

 private:
  std::chrono::steady_clock::time_point tick() {
    return std::chrono::steady_clock::time_point(std::chrono::microseconds(++ticks_));
  }
  std::deque<Action> made_;  // stay where they are
  std::int64_t ticks_ = 0;
};

}  // namespace assay::conformance
