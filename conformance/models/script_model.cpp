#include "conformance/models/script_model.h"

#include <fmt/format.h>

#include <algorithm>

namespace assay::conformance {

namespace {

const ScriptOnDisk* on_disk(const ScriptMoment& moment, const std::string& path) {
  const auto found = moment.files->find(path);
  return found == moment.files->end() || found->second.gone ? nullptr : &found->second;
}

std::int64_t number(const Directives& ini, const char* name, std::int64_t fallback) {
  const auto found = ini.find(name);
  return found == ini.end() ? fallback : std::strtoll(found->second.c_str(), nullptr, 10);
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

// An include, or a compilation without running.
void ScriptModel::include(const ScriptState& state, const Operation& operation, const Reply& reply,
                          const ScriptMoment& moment, States& next) {
  const std::string& path = operation.text("path");
  ScriptState after = state;
  const Use used = use(after, path, moment);
  Value expected = used != Use::missing;
  if (operation.kind() == OperationKind::include && used == Use::hit)
    expected = versions_[static_cast<std::size_t>(after.entries.at(path).version)];
  if (operation.kind() == OperationKind::include && used == Use::miss) expected = on_disk(moment, path)->result;
  if (reply.kind != Reply::Kind::value || reply.value != expected) return;
  next.push_back(after);
  // A file that is gone while the cache still lists it: SC-STA-05 counts nothing, PHP 8.2 was seen to count a miss.
  if (used != Use::missing || state.outside || !state.entries.contains(path)) return;
  ++after.misses;
  next.push_back(std::move(after));
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

// Other operations of any cache: whatever the reply, they may have stored the file or looked at it.
void ScriptModel::ask_loosely(const ScriptState& state, const Operation& operation, const ScriptMoment& moment,
                              States& next) {
  next.push_back(state);
  const OperationKind kind = operation.kind();
  if (kind != OperationKind::compile_file && kind != OperationKind::is_cached) return;
  const std::string& path = operation.text("path");
  const ScriptOnDisk* file = on_disk(moment, path);
  const auto found = state.entries.find(path);
  ScriptState after = state;
  if (file && found != state.entries.end() && found->second.mtime == file->mtime) {
    after.entries[path].checked = moment.now;
    next.push_back(after);
  }
  if (!file || kind != OperationKind::compile_file) return;
  after.entries[path] = {version(file->result), file->mtime, moment.now, true};
  next.push_back(std::move(after));
}

// SC-API-02, -03, -04. A file that is gone may still be named by the worker's realpath cache (RP-ENT-08), which is not
// modelled here: then both answers are allowed.
void ScriptModel::invalidate(ScriptState state, const Operation& operation, const Reply& reply,
                             const ScriptMoment& moment, States& next) const {
  const ScriptOnDisk* file = on_disk(moment, operation.text("path"));
  const auto found = state.entries.find(operation.text("path"));
  const bool valid = !state.outside && found != state.entries.end() && found->second.valid;
  const bool known = !state.outside && (file || valid);
  const bool either = !state.outside && !known && moment.files->contains(operation.text("path"));
  if (!says(reply, known) && !(either && says(reply, true))) return;
  const bool changed = !file || (valid && file->mtime != found->second.mtime);
  if (valid && (operation.flag("force") || !rules_.validates || changed)) found->second.valid = false;
  next.push_back(std::move(state));
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

// Flags, the two counters, the listed scripts with their times.
std::string ScriptModel::misfit(const ScriptState& state, const Value& report) const {
  const auto differs = [&](const Path& path, const Value& expected) -> std::string {
    const Value* shown = report.at(path);
    if (shown && *shown == expected) return "";
    return fmt::format("{} is {} instead of {}", to_text(path), shown ? to_text(*shown) : "missing", to_text(expected));
  };
  std::vector<std::string> found = {differs({"opcache_enabled"}, !state.outside),
                                    differs({"restart_pending"}, state.pending)};
  const Value* scripts = report.find(Key("scripts"));
  if (state.outside && scripts) found.push_back("scripts are listed although the cache is off for the request");
  if (!state.outside) {
    found.push_back(differs({"opcache_statistics", "hits"}, state.hits));
    found.push_back(differs({"opcache_statistics", "misses"}, state.misses));
  }
  if (!state.outside && scripts && scripts->is_array()) {
    for (const auto& [name, entry] : scripts->as_array())
      if (!std::holds_alternative<std::string>(name) || !state.entries.contains(std::get<std::string>(name)))
        found.push_back("listed but not stored: " + to_text(Path{name}));
    for (const auto& [path, entry] : state.entries) {
      if (!scripts->find(path))
        found.push_back("stored but not listed: " + path);
      else if (rules_.validates)
        found.push_back(differs({"scripts", path, "timestamp"}, entry.valid ? entry.mtime : 0));
    }
  }
  const auto first = std::find_if(found.begin(), found.end(), [](const std::string& text) { return !text.empty(); });
  return first == found.end() ? "" : *first;
}

void ScriptModel::step(const ScriptState& state, const Operation& operation, const Reply& reply,
                       const ScriptMoment& moment, States& next) {
  const OperationKind kind = operation.kind();
  if (kind == OperationKind::include && !rules_.exact)
    return include_loosely(state, operation.text("path"), reply, moment, next);
  if (!rules_.exact) return ask_loosely(state, operation, moment, next);
  ScriptState after = state;
  bool allowed = true;
  switch (kind) {
    case OperationKind::include:
    case OperationKind::compile_file:
      return include(state, operation, reply, moment, next);
    case OperationKind::invalidate:
      return invalidate(state, operation, reply, moment, next);
    case OperationKind::is_cached:
      allowed = says(reply, is_cached(after, operation.text("path"), moment));
      break;
    case OperationKind::reset:
      allowed = says(reply, !state.pending);
      after.pending = true;
      break;
    case OperationKind::script_status:
      allowed = reply.kind == Reply::Kind::value && misfit(state, reply.value).empty();
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
  for (const ScriptState& state : states) {
    held += "\n    " + text(state);
    if (operation.kind() == OperationKind::script_status && reply.kind == Reply::Kind::value)
      held += ": " + misfit(state, reply.value);
  }
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
