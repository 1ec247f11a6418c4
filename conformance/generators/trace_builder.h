#pragma once

#include <utility>

#include "conformance/vocabulary/trace.h"

namespace assay::conformance {

// Puts a trace together, step by step: for generators, where a Scenario (scenario.h) would be read from top to bottom.
// Requests are in the foreground; workers are in pools of one each; `now` is the virtual time, in seconds, that the next
// step will see. A wrong argument of an operation is a std::logic_error, as in make_operation.
class TraceBuilder {
 public:
  TraceBuilder(std::string name, int workers) {
    trace.name = std::move(name);
    trace.configuration.pools.assign(static_cast<std::size_t>(workers), Pool{});
  }

  void begin_request(std::int64_t worker) {
    trace.steps.emplace_back(Request{static_cast<int>(worker), {}, "", "completed", 0});
  }
  // In the request that was begun last. REQUIRES: no action since then.
  void ask(OperationKind kind, std::initializer_list<std::pair<const char*, Value>> arguments) {
    std::get<Request>(trace.steps.back())
        .exchanges.push_back(Exchange{make_operation(kind, arguments), "", std::nullopt});
  }
  void act(ActionKind kind, std::initializer_list<std::pair<const char*, Value>> arguments) {
    trace.steps.emplace_back(make_action(kind, arguments));
  }
  void advance(std::int64_t seconds) {
    now += seconds;
    act(ActionKind::advance_clock, {{"seconds", seconds}});
  }

  Trace trace;
  std::int64_t now = clock_start;
};

}  // namespace assay::conformance
