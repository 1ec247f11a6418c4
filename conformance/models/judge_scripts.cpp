#include "conformance/models/judge_scripts.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "conformance/adapter/pool_place.h"
#include "conformance/adapter/root_text.h"
#include "conformance/models/realpath_hypotheses.h"
#include "conformance/models/script_patterns.h"

namespace assay::conformance {

namespace {

constexpr std::size_t most_states = 64;
constexpr std::size_t longest_text = 2000;

std::string text_of(const Directives& directives, const char* name) {
  const auto found = directives.find(name);
  return found == directives.end() ? "" : found->second;
}

std::vector<ScriptRules> rules_of_workers(const Configuration& configuration, const ScriptHost& host) {
  std::vector<ScriptRules> all;
  for (const Pool& pool : configuration.pools) {
    Directives directives = configuration.ini;
    for (const auto& [name, value] : pool.ini) directives[name] = value;
    ScriptRules rules = script_rules(directives);
    rules.reads_everything = host.reads_everything && place_of(pool.ini).user.empty();
    all.insert(all.end(), static_cast<std::size_t>(pool.workers), rules);
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
        model_(rules_of_workers(trace.configuration, host), realpath_rules(trace.configuration),
               script_room(trace.configuration.ini), root, host),
        files_(root),
        list_(with_root(text_of(trace.configuration.ini, "opcache.blacklist_filename"), root)),
        file_cache_(with_root(text_of(trace.configuration.ini, "opcache.file_cache"), root)),
        never_forces_(text_of(trace.configuration.ini, "opcache.force_restart_timeout") == "0") {
    start();
  }

  Judgement judge(std::span<const Observation> observations) {
    for (const Observation& observation : observations) seen_[observation.step].push_back(&observation);
    for (step_ = 0; step_ < trace_.steps.size() && goes_on(); ++step_) {
      if (const auto* action = std::get_if<Action>(&trace_.steps[step_]))
        act(*action);
      else if (const auto seen = seen_.find(step_); seen != seen_.end())
        serve(std::get<Request>(trace_.steps[step_]), seen->second);
    }
    return judgement_;
  }

 private:
  using Seen = std::vector<const Observation*>;

  bool goes_on() const { return judgement_.not_judged.empty() && !judgement_.refusal; }
  void stop(std::string why) { judgement_.not_judged = std::move(why); }
  void lose_track(std::string why) {
    judgement_.lost_track = true;
    stop(std::move(why));
  }

  void act(const Action& action) {
    switch (action.kind()) {
      case ActionKind::advance_clock:
        now_ += action.integer("seconds");
        return;
      case ActionKind::kill:  // the shared memory stays (SC-LIF-02)
        if (!waiting_.empty()) return stop("a worker dies while requests wait");
        for (ScriptState& state : states_) model_.start_worker(state, static_cast<int>(action.integer("worker")));
        return;
      case ActionKind::start:
      case ActionKind::reload:
        if (!waiting_.empty()) return stop("a reload while requests wait");
        return start();
      case ActionKind::wait_for_arrival:
      case ActionKind::await:
        return;
      case ActionKind::release:
        return go_on(action.text("name"));
      default:
        change_files(action);
    }
  }

  void change_files(const Action& action) {
    if (const auto script = filed_script(action)) {
      for (ScriptState& state : states_) damage(state.store.files, *script, action.kind());
      return;
    }
    if (action.spec->feature != std::string("files")) return stop(fmt::format("{} is not modelled", action.spec->name));
    const bool is_script = action.kind() == ActionKind::write && with_root(action.text("path"), model_.root()) != list_;
    if (is_script && !body_of(with_root(action.text("content"), model_.root())))
      return stop("a script of another form");
    if (action.kind() == ActionKind::set_mode) return set_mode(action);
    if (!files_.apply(action, now_)) stop(fmt::format("{} is not modelled", action.spec->name));
  }

  // Of a folder: it is as open as it was.
  void set_mode(const Action& action) {
    const std::string path = with_root(action.text("path"), model_.root());
    const std::int64_t mode = action.integer("mode");
    const bool is_open = files_.walk(path, true).is(FileSystemModel::Node::Kind::directory) && (mode & 0777) == 0777;
    if (!is_open && !files_.set_readable(path, (mode & 0444) == 0444)) stop("the mode of what is no file");
  }

  // The script whose file in the file cache an action is about: "@/files/*@/a.php.bin".
  std::optional<std::string> filed_script(const Action& action) const {
    const std::string& path = action.spec->feature == std::string_view("files") && action.kind() != ActionKind::move
                                  ? action.text("path")
                                  : "";
    const std::size_t star = path.find("/*@/");
    if (star == std::string::npos || !path.ends_with(".bin")) return std::nullopt;
    return with_root(path.substr(star + 2, path.size() - star - 6), model_.root());
  }

  // Whatever is written there is no file of the cache's own (SC-FIL-06).
  static void damage(std::map<std::string, ScriptStore::Filed>& files, const std::string& script, ActionKind how) {
    if (how == ActionKind::remove)
      files.erase(script);
    else if (how == ActionKind::set_mode)
      files[script].is_closed = true;
    else
      files[script].is_damaged = true;
  }

  // The blacklist is read when the cache starts.
  void start() {
    std::vector<std::string> excluded;
    if (const auto place = files_.walk(list_, true); place.is(FileSystemModel::Node::Kind::file)) {
      auto patterns = patterns_of(place.node->text, files_);
      const auto is_below = [&](const std::string& pattern) { return pattern.starts_with(model_.root() + "/"); };
      if (!patterns || !std::all_of(patterns->begin(), patterns->end(), is_below))
        return stop("a blacklist of another form");
      excluded = std::move(*patterns);
    }
    ScriptState fresh = model_.start(std::move(excluded), !list_.empty());
    std::vector<ScriptState> begun;
    for (const ScriptState& old : states_) {
      const auto has_its_files = [&](const ScriptState& state) { return state.store.files == old.store.files; };
      if (std::any_of(begun.begin(), begun.end(), has_its_files)) continue;
      begun.push_back(fresh);
      begun.back().store.files = old.store.files;  // which outlive it
    }
    states_ = begun.empty() ? std::vector{std::move(fresh)} : std::move(begun);
  }

  // ---- requests ----

  void serve(const Request& request, const Seen& seen) {
    if (!file_cache_.empty() && !files_.walk(file_cache_, true).is(FileSystemModel::Node::Kind::directory))
      return stop("no folder for the file cache");
    if (!request.background.empty()) return begin_waiting(request, seen);
    begin_request(*seen.front());
    ask_all(seen, 0, seen.size());
  }

  // Up to its rendezvous. What comes behind it is asked when it is released; nothing else may run beside it then.
  void begin_waiting(const Request& request, const Seen& seen) {
    const auto waits = std::find_if(seen.begin(), seen.end(), [](const Observation* each) {
      return each->operation.kind() == OperationKind::rendezvous;
    });
    if (waits == seen.end() || !is_followed_by(ActionKind::wait_for_arrival, "name", (*waits)->operation.text("name")))
      return stop("requests overlap");
    const auto place = static_cast<std::size_t>(waits - seen.begin());
    begin_request(*seen.front());
    ask_all(seen, 0, place + 1);
    for (ScriptState& state : states_) ScriptModel::suspend_request(state);
    waiting_[(*waits)->operation.text("name")] = {seen, place + 1, request.background};
  }

  void go_on(const std::string& name) {
    const auto found = waiting_.find(name);
    if (found == waiting_.end()) return;
    const Waiting waiting = std::move(found->second);
    waiting_.erase(found);
    if (!is_followed_by(ActionKind::await, "request", waiting.request)) return stop("requests overlap");
    last_worker_ = waiting.seen.front()->worker;
    for (ScriptState& state : states_) ScriptModel::resume_request(state, last_worker_);
    ended_ = false;
    ask_all(waiting.seen, waiting.next, waiting.seen.size());
  }

  bool is_followed_by(ActionKind kind, const char* parameter, const std::string& text) const {
    if (step_ + 1 >= trace_.steps.size()) return false;
    const auto* action = std::get_if<Action>(&trace_.steps[step_ + 1]);
    return action && action->kind() == kind && action->text(parameter) == text;
  }

  void ask_all(const Seen& seen, std::size_t first, std::size_t end) {
    for (std::size_t i = first; i < end && goes_on(); ++i)
      if (!ended_) ask(*seen[i]);
  }

  void begin_request(const Observation& observation) {
    if (!waiting_.empty() && !never_forces_) return stop("a restart may be forced");
    std::vector<ScriptState> begun;
    const bool is_main = observation.operation.kind() == OperationKind::serve;
    const bool may_hold = observation.worker != last_worker_;
    for (ScriptState& state : states_) {
      if (state.waiting.contains(observation.worker)) return stop("requests overlap");
      auto more = model_.begin_request(std::move(state), {observation.worker, now_, is_main, may_hold});
      std::move(more.begin(), more.end(), std::back_inserter(begun));
    }
    states_ = std::move(begun);
    last_worker_ = observation.worker;
    ended_ = false;
    if (states_.size() > most_states) lose_track("too many possible states");
  }

  void ask(const Observation& observation) {
    if (observation.reply.kind == Reply::Kind::unsupported) return;
    if (!ScriptModel::follows(observation.operation))
      return stop(fmt::format("{} is not modelled", observation.operation.spec->name));
    ++judgement_.judged;
    judgement_.listings += observation.operation.kind() == OperationKind::script_status;
    std::vector<ScriptState> kept;
    std::string refused;
    const char* clause = "SC-STA-01";
    bool is_chained = false, is_lost = false;
    for (const ScriptState& state : states_) {
      every_way([&](Decisions& decisions) {
        ScriptState next = state;
        const std::string why = ask_one(observation, next, decisions, clause);
        is_chained = is_chained || next.store.chained;
        is_lost = is_lost || next.request.is_lost;
        if (why.empty()) kept.push_back(std::move(next));
        if (!why.empty() && refused.size() < longest_text) refused += (refused.empty() ? "" : "; or: ") + why;
      });
    }
    if (is_chained && host_.dies_of_chains) return lose_track("a key leads to a key of another file");
    if (is_lost) return lose_track("a relative name in a folder that is not told");
    if (kept.size() > most_states) return lose_track("too many possible states");
    if (kept.empty()) return refuse(observation, clause, refused);
    states_ = std::move(kept);
  }

  std::string ask_one(const Observation& observation, ScriptState& state, Decisions& decisions, const char*& clause) {
    if (observation.operation.kind() != OperationKind::script_status) {
      const ScriptPrediction prediction = model_.perform(state, observation.operation, {files_, now_, decisions});
      clause = prediction.clause;
      return difference(prediction, observation);
    }
    if (observation.reply.kind != Reply::Kind::value) return to_text(observation.reply);
    return model_.misfit(state, observation.reply.value, observation.operation.flag("scripts"));
  }

  // Empty: the reply is the one predicted.
  std::string difference(const ScriptPrediction& prediction, const Observation& observation) {
    const Reply& reply = observation.reply;
    if (prediction.any_reply) return "";
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
  const std::string list_;        // the blacklist; empty: none
  const std::string file_cache_;  // its folder; empty: none
  const bool never_forces_;
  std::vector<ScriptState> states_;
  std::int64_t now_ = clock_start;
  int last_worker_ = -1;
  bool ended_ = false;  // the request, by a fatal error
  // A request that waits for its release, and where it goes on.
  struct Waiting {
    Seen seen;
    std::size_t next = 0;
    std::string request;  // its name
  };
  std::map<std::string, Waiting> waiting_;  // by rendezvous
  std::map<std::size_t, Seen> seen_;        // by step
  std::size_t step_ = 0;
  Judgement judgement_;
};

}  // namespace

Judgement judge_scripts(const Trace& trace, std::span<const Observation> observations, const std::string& root,
                        const ScriptHost& host) {
  return ScriptJudge(trace, root, host).judge(observations);
}

}  // namespace assay::conformance
