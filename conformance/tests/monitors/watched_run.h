#pragma once

#include <algorithm>

#include "conformance/monitors/monitors.h"
#include "conformance/monitors/run_record.h"
#include "conformance/tests/models/observed_run.h"

namespace assay::conformance {

// An observed run that is shown to a monitor: what a run reports, in its order.
class WatchedRun : public ObservedRun {
 public:
  using ObservedRun::ObservedRun;

  // The clauses violated, as "clause@step", joined by blanks.
  std::string violations(Monitor& monitor) {
    RunRecord record;
    const auto tell = [&](const auto& what) {
      record.add(what);
      monitor.observe(what);
    };
    monitor.begin(trace.configuration);
    std::size_t next = 0;
    for (const Observation& observation : observations) {
      const std::size_t until =
          reported_at.contains(observation.step) ? reported_at.at(observation.step) : observation.step;
      for (; next < actions.size() && actions[next].step < until; ++next) tell(actions[next]);
      tell(observation);
    }
    for (; next < actions.size(); ++next) tell(actions[next]);
    record.close();
    monitor.finish(record);
    judged = monitor.judged();
    std::string out;
    for (const Violation& violation : monitor.violations()) {
      out += (out.empty() ? "" : " ") + violation.clause + "@" + std::to_string(violation.step);
      message = violation.message;
    }
    return out;
  }
  // The last request ran in the background: reported after what follows up to now, and over only then.
  void collect(std::size_t step) {
    std::stable_partition(observations.begin(), observations.end(), [&](const auto& o) { return o.step != step; });
    for (Observation& observation : observations)
      if (observation.step == step)
        observation.ended = actions.empty() ? observation.ended : std::max(observation.ended, actions.back().ended);
    reported_at[step] = trace.steps.size();
  }

  static Operation include(const char* path) { return make_operation(OperationKind::include, {{"path", path}}); }
  static Operation status() { return make_operation(OperationKind::script_status, {}); }
  void write(const char* path, const char* content, std::int64_t age = 1000) {
    act(ActionKind::write, {{"path", path}, {"content", content}, {"age", age}});
  }

  std::map<std::size_t, std::size_t> reported_at;
  std::uint64_t judged = 0;
  std::string message;
};

}  // namespace assay::conformance
