#include "conformance/models/script_model.h"

#include <fmt/format.h>

#include <algorithm>

namespace assay::conformance {

namespace {

const ScriptOnDisk* on_disk(const ScriptMoment& moment, const std::string& path) {
  const auto found = moment.files->find(path);
  return found == moment.files->end() ? nullptr : &found->second;
}

std::int64_t number(const Directives& ini, const char* name, std::int64_t standard) {
  const auto found = ini.find(name);
  return found == ini.end() ? standard : std::strtoll(found->second.c_str(), nullptr, 10);
}

bool says(const Reply& reply, bool flag) {
  return reply.kind == Reply::Kind::value && reply.value == Value(flag);
}

}  // namespace

ScriptRules script_rules(const Configuration& configuration) {
  ScriptRules rules;
  rules.validates = number(configuration.ini, "opcache.validate_timestamps", 1) != 0;
  rules.window = number(configuration.ini, "opcache.revalidate_freq", 2);
  rules.protection = number(configuration.ini, "opcache.file_update_protection", 2);
  return rules;
}

int ScriptModel::version(const Value& result) {
  const auto found = std::find(versions_.begin(), versions_.end(), result);
  if (found != versions_.end()) return static_cast<int>(found - versions_.begin());
  versions_.push_back(result);
  return static_cast<int>(versions_.size()) - 1;
}

void ScriptModel::begin_request(const ScriptState& state, bool same_worker, States& next) const {
  ScriptState begun = state;
  begun.outside = false;
  if (!state.pending) return next.push_back(begun);
  next.push_back({});  // SC-RST-13
  if (same_worker) return;
  begun.outside = true;  // SC-RST-09
  next.push_back(begun);
}

// SC-VAL-02, -03, -10: by request time; the window belongs to the entry.
bool ScriptModel::is_due(const ScriptState::Entry& entry, std::int64_t now) const {
  return rules_.validates && (rules_.window == 0 || now > entry.checked + rules_.window);
}

// SC-VAL-08, -09.
bool ScriptModel::may_store(const ScriptOnDisk& file, std::int64_t now) const {
  if (file.mtime == 0 && (rules_.validates || rules_.protection > 0)) return false;
  return rules_.protection <= 0 || file.mtime <= now - rules_.protection;
}

// An include or a compilation, up to what it finds: a valid entry after its check, or the file.
ScriptModel::Use ScriptModel::use(ScriptState& state, const std::string& path, const ScriptMoment& moment) {
  const ScriptOnDisk* file = on_disk(moment, path);
  if (state.outside) return file ? Use::miss : Use::missing;
  const auto found = state.entries.find(path);
  if (found != state.entries.end() && found->second.valid) {
    ScriptState::Entry& entry = found->second;
    const bool due = is_due(entry, moment.now);
    if (!due || (file && file->mtime == entry.mtime)) {  // SC-VAL-05
      if (due) entry.checked = moment.now;
      ++state.hits;
      return Use::hit;
    }
    entry.valid = false;  // SC-VAL-06, -07
  }
  if (!file) return Use::missing;
  ++state.misses;
  if (!state.pending && may_store(*file, moment.now))
    state.entries[path] = {version(file->result), file->mtime, moment.now, true};
  return Use::miss;
}

void ScriptModel::include(ScriptState state, const std::string& path, const Reply& reply, const ScriptMoment& moment,
                          States& next) {
  const Use used = use(state, path, moment);
  Value expected = false;
  if (used == Use::hit) expected = versions_[static_cast<std::size_t>(state.entries.at(path).version)];
  if (used == Use::miss) expected = on_disk(moment, path)->result;
  if (reply.kind == Reply::Kind::value && reply.value == expected) next.push_back(std::move(state));
}

// Any cache: the file as it is now, stored or not; or a stored version that needs no look at the file.
void ScriptModel::include_loosely(ScriptState state, const std::string& path, const Reply& reply,
                                  const ScriptMoment& moment, States& next) {
  const ScriptOnDisk* file = on_disk(moment, path);
  const auto found = state.entries.find(path);
  const bool cached =
      found != state.entries.end() && reply.value == versions_[static_cast<std::size_t>(found->second.version)];
  if (reply.kind != Reply::Kind::value) return;
  if (cached && (!is_due(found->second, moment.now) || (file && file->mtime == found->second.mtime))) {
    next.push_back(state);
    ScriptState looked = state;  // an implementation may look earlier than it has to
    looked.entries[path].checked = moment.now;
    if (file && file->mtime == found->second.mtime) next.push_back(std::move(looked));
  }
  if (!file && reply.value == Value(false)) next.push_back(state);
  if (!file || reply.value != file->result) return;
  next.push_back(state);
  ScriptState stored = state;
  stored.entries[path] = {version(file->result), file->mtime, moment.now, true};
  next.push_back(std::move(stored));
}

// SC-API-02, -03, -04.
bool ScriptModel::invalidate(ScriptState& state, const std::string& path, bool force,
                             const ScriptMoment& moment) const {
  if (state.outside) return false;
  const ScriptOnDisk* file = on_disk(moment, path);
  const auto found = state.entries.find(path);
  const bool valid = found != state.entries.end() && found->second.valid;
  const bool changed = !file || (valid && file->mtime != found->second.mtime);
  if (valid && (force || !rules_.validates || changed)) found->second.valid = false;
  return file || valid;
}

// SC-API-10, SC-VAL-11.
bool ScriptModel::is_cached(ScriptState& state, const std::string& path, const ScriptMoment& moment) const {
  const auto found = state.entries.find(path);
  if (state.outside || found == state.entries.end() || !found->second.valid) return false;
  if (!is_due(found->second, moment.now)) return true;
  const ScriptOnDisk* file = on_disk(moment, path);
  if (!file || file->mtime != found->second.mtime) return false;
  found->second.checked = moment.now;
  return true;
}

// Flags, the listed scripts with their times, and the two counters.
bool ScriptModel::report_fits(const ScriptState& state, const Value& report) const {
  const auto is = [&](const Path& path, const Value& expected) {
    const Value* shown = report.at(path);
    return shown && *shown == expected;
  };
  if (!is({"opcache_enabled"}, !state.outside) || !is({"restart_pending"}, state.pending)) return false;
  const Value* scripts = report.find(Key("scripts"));
  if (state.outside) return !scripts;
  if (!is({"opcache_statistics", "hits"}, state.hits) || !is({"opcache_statistics", "misses"}, state.misses))
    return false;
  if (!scripts) return true;  // not asked for
  std::size_t listed = 0;
  for (const auto& [name, entry] : scripts->as_array())
    listed +=
        state.entries.contains(std::holds_alternative<std::string>(name) ? std::get<std::string>(name) : "") ? 1 : 0;
  if (listed != state.entries.size() || listed != scripts->as_array().size()) return false;
  return std::all_of(state.entries.begin(), state.entries.end(), [&](const auto& known) {
    const auto& [path, entry] = known;
    return !rules_.validates || is({"scripts", path, "timestamp"}, entry.valid ? entry.mtime : 0);
  });
}

void ScriptModel::step(const ScriptState& state, const Operation& operation, const Reply& reply,
                       const ScriptMoment& moment, States& next) {
  const OperationKind kind = operation.kind();
  if (kind == OperationKind::include && !rules_.exact)
    return include_loosely(state, operation.text("path"), reply, moment, next);
  if (!rules_.exact) {
    next.push_back(state);
    if (kind != OperationKind::compile_file) return;
    if (const ScriptOnDisk* file = on_disk(moment, operation.text("path"))) {
      next.push_back(state);
      next.back().entries[operation.text("path")] = {version(file->result), file->mtime, moment.now, true};
    }
    return;
  }
  ScriptState after = state;
  bool allowed = true;
  switch (kind) {
    case OperationKind::include:
      return include(state, operation.text("path"), reply, moment, next);
    case OperationKind::compile_file:
      allowed = says(reply, use(after, operation.text("path"), moment) != Use::missing);
      break;
    case OperationKind::invalidate:
      allowed = says(reply, invalidate(after, operation.text("path"), operation.flag("force"), moment));
      break;
    case OperationKind::is_cached:
      allowed = says(reply, is_cached(after, operation.text("path"), moment));
      break;
    case OperationKind::reset:
      allowed = says(reply, !state.pending);
      after.pending = true;
      break;
    case OperationKind::script_status:
      allowed = reply.kind == Reply::Kind::value && report_fits(state, reply.value);
      break;
    default:
      break;
  }
  if (allowed) next.push_back(std::move(after));
}

std::string ScriptModel::text(const ScriptState& state) const {
  std::string out = state.outside ? "outside the cache" : state.pending ? "restart pending" : "running";
  for (const auto& [path, entry] : state.entries) {
    out += fmt::format(", {}: {} of {:+} s{}", path, to_text(versions_[static_cast<std::size_t>(entry.version)], 20),
                       entry.mtime - clock_start,
                       entry.valid ? fmt::format(", checked at {:+} s", entry.checked - clock_start) : ", invalid");
  }
  return fmt::format("{}, {} hits, {} misses", out, state.hits, state.misses);
}

Refusal ScriptModel::explain(const States& states, const Operation& operation, const Reply& reply,
                             const ScriptMoment& moment) const {
  const char* clause = "SC-STA-01";
  switch (operation.kind()) {
    case OperationKind::include:
      clause = !rules_.exact ? "GU-IDN-03" : rules_.validates ? "SC-VAL-02" : "SC-VAL-01";
      break;
    case OperationKind::compile_file:
      clause = "SC-API-07";
      break;
    case OperationKind::invalidate:
      clause = "SC-API-02";
      break;
    case OperationKind::is_cached:
      clause = "SC-API-10";
      break;
    case OperationKind::reset:
      clause = "SC-API-01";
      break;
    default:
      break;
  }
  std::string held;
  for (const ScriptState& state : states) held += "\n    " + text(state);
  const ScriptOnDisk* file =
      operation.spec->parameters.empty() || operation.spec->parameters[0].name != std::string("path")
          ? nullptr
          : on_disk(moment, operation.text("path"));
  const std::string disk =
      file ? fmt::format("; on disk: {} of {:+} s", to_text(file->result, 20), file->mtime - clock_start) : "";
  return {clause, fmt::format("{} at {:+} s gave {}, which no possible state allows{}. Possible:{}", to_text(operation),
                              moment.now - clock_start, to_text(reply), disk, held)};
}

}  // namespace assay::conformance
