#include "conformance/models/judge_statics.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "conformance/models/statics_model.h"

namespace assay::conformance {
namespace {

using State = StaticsModel::State;

class StaticsJudge {
 public:
  StaticsJudge(const Trace& trace, std::span<const Observation> observations) : trace_(trace) {
    for (const Observation& seen : observations) seen_[{seen.step, seen.exchange}] = &seen;
  }

  Judgement run() {
    for (std::size_t step = 0; step < trace_.steps.size() && !is_over(); ++step) {
      if (const auto* request = std::get_if<Request>(&trace_.steps[step]))
        go_on(Waiting{request, step, 0});
      else
        act(std::get<Action>(trace_.steps[step]));
    }
    return std::move(judgement_);
  }

 private:
  struct Waiting {
    const Request* request;
    std::size_t step;
    std::size_t exchange;  // the next one
  };

  bool is_over() const { return judgement_.refusal || !judgement_.not_judged.empty(); }

  void act(const Action& action) {
    switch (action.kind()) {
      case ActionKind::advance_clock:
        now_ += action.integer("seconds");
        return;
      case ActionKind::release:
        if (const auto found = waiting_.find(action.text("name")); found != waiting_.end()) {
          const Waiting waiting = found->second;
          waiting_.erase(found);
          go_on(waiting);
        }
        return;
      case ActionKind::kill:
        for (State& state : states_)
          state = StaticsModel::died(std::move(state), static_cast<int>(action.integer("worker")));
        std::erase_if(waiting_, [&](const auto& w) { return w.second.request->worker == action.integer("worker"); });
        return;
      case ActionKind::write:
        if (action.text("path") == statics_library_path && action.text("content") != statics_library())
          judgement_.not_judged = "the library is another one";
        if (const auto known = static_action(action.text("path")); known && action.text("content") != script_of(*known))
          judgement_.not_judged = "a script does not do what its name says";
        written_.insert(action.text("path"));
        return;
      case ActionKind::wait_for_arrival:
      case ActionKind::await:
        return;
      default:
        judgement_.not_judged = fmt::format("the action {} is not known to the model", action.spec->name);
    }
  }

  void go_on(Waiting at) {
    for (; at.exchange < at.request->exchanges.size() && !is_over(); ++at.exchange) {
      const Operation& operation = at.request->exchanges[at.exchange].operation;
      if (operation.kind() == OperationKind::rendezvous) {
        ++at.exchange;
        waiting_[operation.text("name")] = at;
        return;
      }
      const auto seen = seen_.find({at.step, at.exchange});
      if (seen == seen_.end()) return;
      if (!perform(*seen->second, at.request->worker, waits_after(at))) break;
    }
    replace([&](const State& state) { return StaticsModel::end(state, at.request->worker, now_); });
  }

  static bool waits_after(const Waiting& at) {
    return std::any_of(at.request->exchanges.begin() + static_cast<std::ptrdiff_t>(at.exchange),
                       at.request->exchanges.end(),
                       [](const Exchange& exchange) { return exchange.operation.kind() == OperationKind::rendezvous; });
  }

  // False: the request has ended by it.
  bool perform(const Observation& seen, int worker, bool waits_later) {
    const Operation& operation = seen.operation;
    const bool is_true = seen.reply.kind == Reply::Kind::value && seen.reply.value == Value(true);
    switch (operation.kind()) {
      case OperationKind::include:
        return include(seen, worker, waits_later);
      case OperationKind::cache_clear:
      case OperationKind::reset:
      case OperationKind::cache_delete:
      case OperationKind::invalidate:
        if (is_true) remove(operation, worker);
        return true;
      default:
        judgement_.not_judged = fmt::format("the operation {} is not known to the model", operation.spec->name);
        return true;
    }
  }

  bool include(const Observation& seen, int worker, bool waits_later) {
    const auto action = static_action(seen.operation.text("path"));
    if (!action || !written_.contains(path_of(*action)) || !written_.contains(statics_library_path)) {
      judgement_.not_judged = "a script that is not known to the model";
      return true;
    }
    // Killed while it waited: what came before has happened, whatever the replies would have been.
    const bool was_killed = seen.reply.kind == Reply::Kind::not_run && seen.outcome == Outcome::Kind::died;
    if (was_killed && !waits_later) {
      judgement_.not_judged = "a request ended while it ran: nobody knows how far it came";
      return true;
    }
    // Only the first script of a request loads the library.
    const auto known = states_.front().requests.find(worker);
    const bool loads = known == states_.front().requests.end() || !known->second.has_library;
    if (loads && !was_reset_) is_cached_ = true;
    const bool is_thrown = seen.reply.kind == Reply::Kind::thrown && seen.reply.error_class == "LogicException";
    const bool has_ended = seen.reply.kind == Reply::Kind::not_run;
    std::vector<State> next;
    std::optional<Value> allowed;
    for (State& state : states_) {
      Value reply;
      auto made = StaticsModel::act(std::move(state), worker, *action, now_, reply);
      if (!allowed) allowed = reply;
      const bool fits = was_killed                ? true
                        : action->verb == "exit"  ? has_ended
                        : action->verb == "throw" ? is_thrown
                                                  : seen.reply.kind == Reply::Kind::value && seen.reply.value == reply;
      if (!fits) continue;
      next.insert(next.end(), std::make_move_iterator(made.begin()), std::make_move_iterator(made.end()));
    }
    ++judgement_.judged;
    if (next.empty()) {
      judgement_.refusal = Refusal{clause_of(*action),
                                   fmt::format("{} of {} replied {}, but the model has {}", action->verb,
                                               action->target, to_text(seen.reply), to_text(*allowed)),
                                   seen.step, seen.exchange, std::nullopt};
      if (action->verb != "exit" && action->verb != "throw") judgement_.refusal->expected = equals(*allowed);
    }
    states_ = std::move(next);
    tidy();
    return action->verb != "exit";
  }

  void remove(const Operation& operation, int worker) {
    replace([&](const State& state) -> std::vector<State> {
      if (operation.kind() == OperationKind::cache_clear)
        return {StaticsModel::cleared(state, worker, operation.text("backend"))};
      if (operation.kind() == OperationKind::reset)
        return {StaticsModel::cleared(StaticsModel::cleared(state, worker, "volatile"), worker, "pinned")};
      if (operation.kind() == OperationKind::invalidate) {
        const State gone = StaticsModel::invalidated(state, worker);
        return is_cached_ ? std::vector{gone} : std::vector{gone, state};
      }
      const auto request = state.requests.find(worker);
      const bool is_loaded = request != state.requests.end() && request->second.has_library;
      if (!is_loaded) return {state};
      return {StaticsModel::without_class(state, operation.text("key"), operation.text("backend"))};
    });
    if (operation.kind() == OperationKind::reset) was_reset_ = true;
    if (operation.kind() == OperationKind::reset || operation.kind() == OperationKind::invalidate) is_cached_ = false;
  }

  static std::string clause_of(const StaticAction& action) {
    const DeclaredStaticSpec& spec = declared_static(action.target);
    if (spec.is_tracked) return "ST-ATT-12";
    if (action.verb == "closure") return "ST-ATT-15";
    return spec.ttl != 0 ? "ST-ATT-17" : "ST-ATT-06";
  }

  template <class Step>
  void replace(Step step) {
    std::vector<State> next;
    for (const State& state : states_) {
      for (State& made : step(state)) next.push_back(std::move(made));
    }
    states_ = std::move(next);
    tidy();
  }
  void tidy() {
    std::sort(states_.begin(), states_.end());
    states_.erase(std::unique(states_.begin(), states_.end()), states_.end());
  }

  const Trace& trace_;
  std::map<std::pair<std::size_t, std::size_t>, const Observation*> seen_;
  std::map<std::string, Waiting> waiting_;  // by rendezvous
  std::set<std::string> written_;           // files
  std::vector<State> states_ = {State{}};
  std::int64_t now_ = clock_start;
  bool is_cached_ = false;  // the library, for sure
  bool was_reset_ = false;
  Judgement judgement_;
};

}  // namespace

Judgement judge_statics(const Trace& trace, std::span<const Observation> observations) {
  return StaticsJudge(trace, observations).run();
}

}  // namespace assay::conformance
