#include "conformance/models/script_model.h"

#include <algorithm>

#include "conformance/adapter/root_text.h"
#include "conformance/models/script_request.h"

namespace assay::conformance {

ScriptModel::ScriptModel(std::vector<ScriptRules> rules, std::vector<RealpathRules> realpath_rules, std::string root,
                         ScriptHost host)
    : rules_(std::move(rules)),
      realpath_rules_(std::move(realpath_rules)),
      root_(std::move(root)),
      host_(std::move(host)) {}

ScriptState ScriptModel::start() const {
  ScriptState state;
  for (const RealpathRules& rules : realpath_rules_) state.workers.push_back({RealpathModel(rules)});
  return state;
}

void ScriptModel::start_worker(ScriptState& state, int worker) const {
  const auto number = static_cast<std::size_t>(worker);
  state.workers.at(number) = {RealpathModel(realpath_rules_.at(number)), state.store.generation};
}

// SC-RST-11, -12, -22.
std::vector<ScriptState> ScriptModel::begin_request(ScriptState state, int worker, std::int64_t now,
                                                    bool other_holds) const {
  state.request = {worker, false, root_, host_.include_path, {}};
  std::vector<ScriptState> begun;
  const bool performs = state.store.pending && rules(worker).enabled;
  if (state.store.pending && (other_holds || !performs)) {
    begun.push_back(state);
    begun.back().request.outside = true;
  }
  if (performs) state.store.restart(now);
  if (performs || !state.store.pending) begun.push_back(std::move(state));
  for (ScriptState& each : begun) {
    auto& process = each.workers.at(static_cast<std::size_t>(worker));
    if (rules(worker).enabled && process.generation != each.store.generation) {
      process.realpaths.clear();  // SC-RST-18
      process.generation = each.store.generation;
    }
    // SC-EXC-03; nothing is counted by a request that works without the cache.
    if (host_.excluded_main_script && rules(worker).enabled && !each.request.outside) {
      ++each.store.misses;
      ++each.store.excluded;
    }
  }
  return begun;
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
      return true;
    default:
      return false;
  }
}

namespace {

ScriptPrediction reset(ScriptState& state, const ScriptRules& rules) {
  if (!rules.enabled || state.store.pending) return {Reply::of(false), false, "SC-API-01"};
  state.store.pending = true;
  return {Reply::of(true), false, "SC-API-01"};
}

ScriptPrediction change_directory(ScriptState& state, const std::string& path, const FileSystemModel& files) {
  const std::string text = path.starts_with('/') ? path : state.request.directory + "/" + path;
  const FileSystemModel::Place place = files.walk(text, true);
  const bool done = place.is(FileSystemModel::Node::Kind::directory);
  if (done) state.request.directory = place.path;
  return {Reply::of(done), false, "RP-PATH-01"};
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
      prediction = {Reply::of(request.is_cached(name())), false, "SC-API-10"};
      break;
    case OperationKind::reset:
      prediction = reset(state, rules);
      break;
    case OperationKind::included_files:
      prediction = {Reply::of(Value::list({state.request.included.begin(), state.request.included.end()})), false,
                    "SC-PER-09"};
      break;
    case OperationKind::change_dir:
      prediction = change_directory(state, name().text, world.files);
      break;
    default:
      break;
  }
  prediction.reply = without_root(std::move(prediction.reply), root_);
  return prediction;
}

}  // namespace assay::conformance
