// Main scripts, and questions that the cache may answer (script-cache.md 7, 13).
#include <utility>

#include "conformance/models/script_request.h"

namespace assay::conformance {

namespace {

using NodeKind = FileSystemModel::Node::Kind;

Reply page(int status, std::string body) {
  return Reply::of(Value::map({{"status", status}, {"body", std::move(body)}}));
}

ScriptPrediction unspecified() {
  ScriptPrediction nothing;
  nothing.any_reply = true;
  return nothing;
}

}  // namespace

// RP-LIFE-08: resolved whatever the cache has. A request begins in the folder of its main script (DP-29).
ScriptPrediction ScriptRequest::serve(const std::string& path) {
  const auto folder = world_.files.walk(path.substr(0, path.rfind('/')), true);
  state_.request.directory = folder.is(NodeKind::directory) ? folder.path : "";
  // Looked for before a restart emptied the realpath cache, and again after it (SC-RST-18).
  auto& dropped = state_.request.dropped;
  const bool is_known = !dropped || dropped->resolve(path, RealpathModel::Mode::strict, world_.files, world_.now);
  const auto resolved = is_known ? resolve(path, RealpathModel::Mode::strict) : std::nullopt;
  if (!is_known || (!dropped && !resolved)) {
    ScriptPrediction unknown{page(404, "File not found.\n")};
    unknown.reply.diagnostics = {"Primary script unknown"};
    return unknown;
  }
  const auto key = uses_cache() && !rules_.resolves_always ? key_of({path}) : std::nullopt;
  const ScriptStore::Entry* known = key ? store_.find(*key) : nullptr;
  if (!resolved && !(known && known->valid)) return unspecified();
  if (uses_cache() && !(known && known->valid)) known = store_.find(*resolved);
  // What only an entry of the realpath cache still knows is not specified (DP-13).
  const File* file = resolved ? file_at(*resolved) : nullptr;
  if (!(file && can_read(*file)) && !(known && known->valid)) {
    return unspecified();
  }
  return shown(use({path}, How::main), path);
}

// What a visitor sees. The end by an error that nobody catches is told in more than one way.
ScriptPrediction ScriptRequest::shown(const Use& used, const std::string& path) {
  ScriptPrediction result = run(used, {path}, "require");
  if (result.reply.kind != Reply::Kind::value || used.kind == Use::Kind::missing) {
    result.any_reply = true;
    return result;
  }
  result.reply.value = Value::map({{"status", 200}, {"body", std::exchange(result.reply.output, "")}});
  return result;
}

// SC-OVR-01, SC-OVR-02.
bool ScriptRequest::has_file(const ScriptName& name, OperationKind asked) {
  if (rules_.overrides && is_cached(name)) return true;
  const auto place = world_.files.walk(absolute(name.text), true);
  if (asked == OperationKind::is_readable && place.is(NodeKind::file)) return can_read(*place.node);
  return asked == OperationKind::is_file ? place.is(NodeKind::file) : place.found();
}

}  // namespace assay::conformance
