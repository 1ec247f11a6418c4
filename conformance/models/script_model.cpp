#include "conformance/models/script_model.h"

#include <algorithm>
#include <utility>

#include "conformance/adapter/root_text.h"
#include "conformance/models/script_request.h"

namespace assay::conformance {

ScriptModel::ScriptModel(std::vector<ScriptRules> rules, std::vector<RealpathRules> realpath_rules, ScriptRoom room,
                         std::string root, ScriptHost host)
    : rules_(std::move(rules)),
      realpath_rules_(std::move(realpath_rules)),
      room_(room),
      root_(std::move(root)),
      host_(std::move(host)) {}

ScriptState ScriptModel::start(std::vector<std::string> excluded, bool has_list) const {
  ScriptState state;
  state.store.room = room_;
  state.store.interns = rules_.empty() || rules_.front().interns;
  state.store.counts_are_known = !host_.excluded_main_script || !has_list;
  state.store.patterns = std::move(excluded);
  for (const RealpathRules& rules : realpath_rules_) state.workers.push_back({RealpathModel(rules)});
  return state;
}

void ScriptModel::start_worker(ScriptState& state, int worker) const {
  const auto number = static_cast<std::size_t>(worker);
  state.workers.at(number) = {RealpathModel(realpath_rules_.at(number)), state.store.generation};
}

std::vector<ScriptState> ScriptModel::begin_request(ScriptState state, const Beginning& beginning) const {
  bool& has_served = state.workers.at(static_cast<std::size_t>(beginning.worker)).has_served;
  const bool is_prepared = std::exchange(has_served, true) || !beginning.is_main || !host_.excluded_main_script;
  if (is_prepared) return begin_alone(std::move(state), beginning);
  std::vector<ScriptState> begun;
  for (ScriptState& prepared :
       begin_alone(std::move(state), {beginning.worker, beginning.now, false, beginning.other_holds}))
    for (ScriptState& each : begin_alone(std::move(prepared), beginning)) begun.push_back(std::move(each));
  return begun;
}

// SC-RST-11, -12, -22.
std::vector<ScriptState> ScriptModel::begin_alone(ScriptState state, const Beginning& beginning) const {
  using Holds = ScriptState::Request::Holds;
  const auto& [worker, now, is_main, other_may_hold] = beginning;
  state.request = {worker, now, false, Holds::no, root_, host_.include_path, {}, {}};
  bool is_held = false, may_be_held = other_may_hold;
  for (const auto& [other, request] : state.waiting) {
    is_held = is_held || request.holds == Holds::yes;
    may_be_held = may_be_held || request.holds == Holds::maybe;
  }
  std::vector<ScriptState> begun;
  const bool performs = state.store.pending && rules(worker).has_memory() && !is_held;
  if (state.store.pending && (may_be_held || !performs)) {
    begun.push_back(state);
    begun.back().request.outside = true;
  }
  if (performs) state.store.restart(now);
  if (performs || !state.store.pending) begun.push_back(std::move(state));
  for (ScriptState& each : begun) {
    auto& process = each.workers.at(static_cast<std::size_t>(worker));
    if (rules(worker).has_memory() && !each.request.outside && process.generation != each.store.generation) {
      if (is_main) each.request.dropped = process.realpaths;
      process.realpaths.clear();  // SC-RST-18
      process.generation = each.store.generation;
    }
    if (!rules(worker).has_memory() || each.request.outside) continue;  // it counts nothing, and holds nothing off
    if (host_.excluded_main_script) each.request.holds = Holds::yes;
    if (!host_.excluded_main_script || is_main || !each.store.counts_are_known) continue;
    ++each.store.misses;  // SC-EXC-03
    each.store.miss_excluded();
  }
  return begun;
}

void ScriptModel::suspend_request(ScriptState& state) {
  const int worker = state.request.worker;
  state.waiting[worker] = std::move(state.request);
}

void ScriptModel::resume_request(ScriptState& state, int worker) {
  state.request = std::move(state.waiting.at(worker));
  state.waiting.erase(worker);
}

bool ScriptModel::follows(const Operation& operation) {
  switch (operation.kind()) {
    case OperationKind::include:
    case OperationKind::compile_file:
    case OperationKind::invalidate:
    case OperationKind::is_cached:
    case OperationKind::reset:
    case OperationKind::included_files:
    case OperationKind::change_dir:
    case OperationKind::script_status:
    case OperationKind::serve:
    case OperationKind::file_exists:
    case OperationKind::is_file:
    case OperationKind::is_readable:
    case OperationKind::clear_stat_cache:
    case OperationKind::rendezvous:
      return true;
    default:
      return false;
  }
}

namespace {

ScriptPrediction reset(ScriptState& state, const ScriptRules& rules) {
  if (!rules.has_memory() || state.store.pending) return {Reply::of(false), false, false, "SC-API-01"};
  state.store.schedule(ScriptRestart::manual);
  return {Reply::of(true), false, false, "SC-API-01"};
}

ScriptPrediction change_directory(ScriptState& state, const std::string& path, const FileSystemModel& files) {
  const std::string text = path.starts_with('/') ? path : state.request.directory + "/" + path;
  const FileSystemModel::Place place = files.walk(text, true);
  const bool done = place.is(FileSystemModel::Node::Kind::directory);
  if (done) state.request.directory = place.path;
  return {Reply::of(done), false, false, "RP-PATH-01"};
}

ScriptPrediction with_clause(ScriptPrediction prediction, const char* clause) {
  prediction.clause = clause;
  return prediction;
}

}  // namespace

ScriptPrediction ScriptModel::perform(ScriptState& state, const Operation& operation, const ScriptWorld& world) const {
  const ScriptRules& rules = this->rules(state.request.worker);
  ScriptRequest request(state, rules, host_, world);
  const auto name = [&] { return ScriptName{with_root(operation.text("path"), root_)}; };
  ScriptPrediction prediction;
  switch (operation.kind()) {
    case OperationKind::include:
      prediction =
          with_clause(request.include(name(), operation.text("how")), rules.validates ? "SC-VAL-02" : "SC-VAL-01");
      break;
    case OperationKind::compile_file:
      prediction = with_clause(request.compile(name()), "SC-API-07");
      break;
    case OperationKind::invalidate:
      prediction = with_clause(request.invalidate(name(), operation.flag("force")), "SC-API-02");
      break;
    case OperationKind::is_cached:
      prediction = {Reply::of(request.is_cached(name())), false, false, "SC-API-10"};
      break;
    case OperationKind::reset:
      prediction = reset(state, rules);
      break;
    case OperationKind::included_files:
      prediction = {Reply::of(Value::list({state.request.included.begin(), state.request.included.end()})), false,
                    false, "SC-PER-09"};
      break;
    case OperationKind::change_dir:
      prediction = change_directory(state, name().text, world.files);
      break;
    case OperationKind::serve:
      prediction = request.serve(name().text);
      break;
    case OperationKind::file_exists:
    case OperationKind::is_file:
    case OperationKind::is_readable:
      prediction = {Reply::of(request.has_file(name(), operation.kind())), false, false, "SC-OVR-01"};
      break;
    case OperationKind::clear_stat_cache:
    case OperationKind::rendezvous:
      prediction.any_reply = true;
      break;
    default:
      break;
  }
  if (state.request.holds == ScriptState::Request::Holds::no && rules.has_memory() && !state.request.outside)
    state.request.holds = ScriptState::Request::Holds::maybe;
  prediction.reply = without_root(std::move(prediction.reply), root_);
  return prediction;
}

}  // namespace assay::conformance
