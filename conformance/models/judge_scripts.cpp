#include "conformance/models/judge_scripts.h"

#include <fmt/format.h>

#include <algorithm>

#include "conformance/adapter/root_text.h"
#include "conformance/models/realpath_hypotheses.h"

namespace assay::conformance {

namespace {

constexpr std::size_t most_states = 64;

std::vector<ScriptRules> rules_of_workers(const Configuration& configuration) {
  std::vector<ScriptRules> all;
  for (const Pool& pool : configuration.pools) {
    Directives directives = configuration.ini;
    for (const auto& [name, value] : pool.ini) directives[name] = value;
    all.insert(all.end(), static_cast<std::size_t>(pool.workers), script_rules(directives));
  }
  return all;
}

// What PHP appends to the message of a failed include is left out: it depends on the target.
std::string comparable(const std::string& text) {
  return text.substr(0, text.find(" (include_path="));
}
std::vector<std::string> comparable(std::vector<std::string> diagnostics) {
  for (std::string& text : diagnostics) text = comparable(text);
  return diagnostics;
}

class ScriptJudge {
 public:
  ScriptJudge(const Trace& trace, const std::string& root, const ScriptHost& host)
      : trace_(trace),
        host_(host),
        model_(rules_of_workers(trace.configuration), realpath_rules(trace.configuration), root, host),
        files_(root),
        states_{model_.start()} {}

  Judgement judge(std::span<const Observation> observations) {
    for (const Observation& observation : observations) {
      act_until(observation.step);
      if (observation.exchange == 0) begin_request(observation);
      if (!judgement_.not_judged.empty()) break;
      if (!ended_) ask(observation);
      if (!judgement_.not_judged.empty() || judgement_.refusal) break;
    }
    return judgement_;
  }

 private:
  void stop(std::string why) { judgement_.not_judged = std::move(why); }

  void act_until(std::size_t step) {
    for (; next_step_ < step; ++next_step_)
      if (const auto* action = std::get_if<Action>(&trace_.steps[next_step_])) act(*action);
  }

  void act(const Action& action) {
    switch (action.kind()) {
      case ActionKind::advance_clock:
        now_ += action.integer("seconds");
        return;
      case ActionKind::kill:  // the shared memory stays (SC-LIF-02)
        for (ScriptState& state : states_) model_.start_worker(state, static_cast<int>(action.integer("worker")));
        return;
      case ActionKind::reload:
        states_ = {model_.start()};
        return;
      default:
        if (action.spec->feature != std::string("files"))
          return stop(fmt::format("{} is not modelled", action.spec->name));
        if (action.kind() == ActionKind::write && !body_of(with_root(action.text("content"), model_.root())))
          return stop("a script of another form");
        if (!files_.apply(action, now_)) stop(fmt::format("{} is not modelled", action.spec->name));
    }
  }

  void begin_request(const Observation& observation) {
    const auto& request = std::get<Request>(trace_.steps[observation.step]);
    if (!request.background.empty()) return stop("requests overlap");
    std::vector<ScriptState> begun;
    for (ScriptState& state : states_) {
      auto more = model_.begin_request(std::move(state), observation.worker, now_, observation.worker != last_worker_);
      std::move(more.begin(), more.end(), std::back_inserter(begun));
    }
    states_ = std::move(begun);
    last_worker_ = observation.worker;
    ended_ = false;
    if (states_.size() > most_states) stop("too many possible states");
  }

  void ask(const Observation& observation) {
    if (observation.reply.kind == Reply::Kind::unsupported) return;
    if (!ScriptModel::follows(observation.operation))
      return stop(fmt::format("{} is not modelled", observation.operation.spec->name));
    ++judgement_.judged;
    std::vector<ScriptState> kept;
    std::string refused;
    const char* clause = "SC-STA-01";
    for (ScriptState& state : states_) {
      std::string why;
      ScriptState next = state;
      if (observation.operation.kind() == OperationKind::script_status) {
        why = observation.reply.kind == Reply::Kind::value
                  ? model_.misfit(next, observation.reply.value, observation.operation.flag("scripts"))
                  : to_text(observation.reply);
        ++judgement_.listings;
      } else {
        const ScriptPrediction prediction = model_.perform(next, observation.operation, {files_, now_});
        why = difference(prediction, observation);
        clause = prediction.clause;
      }
      if (next.store.chained && host_.dies_of_chains) return stop("a key leads to a key of another file");
      if (why.empty()) kept.push_back(std::move(next));
      if (!why.empty()) refused += (refused.empty() ? "" : "; or: ") + why;
    }
    if (kept.empty()) return refuse(observation, clause, refused);
    states_ = std::move(kept);
  }

  // Empty: the reply is the one predicted.
  std::string difference(const ScriptPrediction& prediction, const Observation& observation) {
    const Reply& reply = observation.reply;
    if (prediction.ends_request) {
      ended_ = observation.outcome == Outcome::Kind::aborted;
      return ended_ ? "" : fmt::format("expected a fatal error, the reply is {}", to_text(reply));
    }
    // What chdir() complains about is not the script cache's matter.
    const bool with_diagnostics = observation.operation.kind() != OperationKind::change_dir;
    const bool same = reply.kind == prediction.reply.kind && reply.value == prediction.reply.value &&
                      reply.error_class == prediction.reply.error_class &&
                      comparable(reply.error_message) == prediction.reply.error_message &&
                      reply.output == prediction.reply.output &&
                      (!with_diagnostics || comparable(reply.diagnostics) == comparable(prediction.reply.diagnostics));
    return same ? "" : fmt::format("expected {}, the reply is {}", to_text(prediction.reply), to_text(reply));
  }

  void refuse(const Observation& observation, const char* clause, const std::string& text) {
    judgement_.refusal = Refusal{clause,
                                 fmt::format("worker {}, {} at {:+} s: {}", observation.worker,
                                             to_text(observation.operation), now_ - clock_start, text),
                                 observation.step, observation.exchange};
  }

  const Trace& trace_;
  const ScriptHost& host_;
  ScriptModel model_;
  FileSystemModel files_;
  std::vector<ScriptState> states_;
  std::int64_t now_ = clock_start;
  int last_worker_ = -1;
  bool ended_ = false;  // the request, by a fatal error
  std::size_t next_step_ = 0;
  Judgement judgement_;
};

}  // namespace

Judgement judge_scripts(const Trace& trace, std::span<const Observation> observations, const std::string& root,
                        const ScriptHost& host) {
  return ScriptJudge(trace, root, host).judge(observations);
}

}  // namespace assay::conformance
