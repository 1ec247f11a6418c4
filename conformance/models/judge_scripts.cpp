#include <fmt/format.h>

#include <algorithm>

#include "conformance/models/literal_script.h"
#include "conformance/models/script_model.h"

namespace assay::conformance {

namespace {

constexpr std::size_t kMostStates = 2000;

// What the suite writes, and when; everything that the model does not follow ends the judging.
class ScriptWorld {
 public:
  std::map<std::string, ScriptOnDisk> files;
  std::int64_t now = clock_start;
  std::string not_judged;

  // True where the runtime began anew.
  bool act(const Action& action) {
    switch (action.kind()) {
      case ActionKind::write:
        write(action);
        return false;
      case ActionKind::remove:
        for (auto& [path, file] : files)
          if (path == action.text("path") || path.starts_with(action.text("path") + "/")) file.gone = true;
        return false;
      case ActionKind::set_mtime:
        if (const auto file = files.find(action.text("path")); file != files.end())
          file->second.mtime = action.integer("mtime");
        return false;
      case ActionKind::advance_clock:
        now += action.integer("seconds");
        return false;
      case ActionKind::make_directory:
      case ActionKind::kill:  // the shared memory stays (SC-LIF-02)
        return false;
      case ActionKind::reload:
        return true;
      default:
        not_judged = fmt::format("{} is not modelled", action.spec->name);
        return false;
    }
  }

 private:
  void write(const Action& action) {
    const std::optional<Value> result = literal_result(action.text("content"));
    if (!result) not_judged = "a script that is not `return LITERAL`";
    const Value& mtime = action.argument("mtime");
    files[action.text("path")] = {result.value_or(Value()),
                                  mtime.is_int() ? mtime.as_int() : now - action.integer("age"), false};
  }
};

std::string reason_not_to_judge(const Trace& trace, const Observation& observation) {
  if (!std::get<Request>(trace.steps[observation.step]).background.empty()) return "requests overlap";
  if (observation.outcome != Outcome::Kind::completed) return "a request did not complete";
  switch (observation.operation.kind()) {
    case OperationKind::include:
      if (observation.operation.text("how").ends_with("_once")) return "once-includes are not modelled";
      [[fallthrough]];
    case OperationKind::compile_file:
    case OperationKind::invalidate:
    case OperationKind::is_cached: {
      const std::string& path = observation.operation.text("path");
      const bool plain =
          path.starts_with("@/") && path.find("//") == std::string::npos && path.find("/.") == std::string::npos;
      return plain ? "" : "another spelling of a path";
    }
    case OperationKind::reset:
    case OperationKind::script_status:
    case OperationKind::script_configuration:
    case OperationKind::ini_get:
    case OperationKind::time:
    case OperationKind::request_time:
    case OperationKind::process_id:
      return "";
    default:
      return fmt::format("{} is not modelled", observation.operation.spec->name);
  }
}

}  // namespace

Judgement judge_scripts(const Trace& trace, std::span<const Observation> observations, ScriptRules rules) {
  Judgement judgement;
  ScriptWorld world;
  ScriptModel model(rules);
  ScriptModel::States states = {ScriptState{}};
  std::size_t next_step = 0;
  int last_worker = -1;
  const auto distinct = [](ScriptModel::States& of) {
    std::sort(of.begin(), of.end());
    of.erase(std::unique(of.begin(), of.end()), of.end());
  };
  for (const Observation& observation : observations) {
    for (; next_step < observation.step; ++next_step)
      if (const auto* action = std::get_if<Action>(&trace.steps[next_step]); action && world.act(*action))
        states = {ScriptState{}};
    judgement.not_judged = world.not_judged;
    if (judgement.not_judged.empty()) judgement.not_judged = reason_not_to_judge(trace, observation);
    if (judgement.not_judged.empty() && states.size() > kMostStates) judgement.not_judged = "too many possible states";
    if (!judgement.not_judged.empty()) return judgement;
    ScriptModel::States next;
    if (observation.exchange == 0) {
      for (const ScriptState& state : states) model.begin_request(state, observation.worker == last_worker, next);
      distinct(next);
      states = std::exchange(next, {});
      last_worker = observation.worker;
    }
    if (observation.reply.kind == Reply::Kind::unsupported) continue;
    const ScriptMoment moment{observation.began_at, &world.files};
    for (const ScriptState& state : states) model.step(state, observation.operation, observation.reply, moment, next);
    distinct(next);
    ++judgement.judged;
    if (next.empty()) {
      judgement.refusal = model.explain(states, observation.operation, observation.reply, moment);
      judgement.refusal->step = observation.step;
      judgement.refusal->exchange = observation.exchange;
      return judgement;
    }
    states = std::move(next);
  }
  return judgement;
}

}  // namespace assay::conformance
