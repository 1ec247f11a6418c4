#include "conformance/models/script_request.h"

#include <fmt/format.h>

#include <algorithm>

#include "conformance/models/script_patterns.h"

namespace assay::conformance {

namespace {

Reply broken(const ScriptBody& body) {
  if (!body.is_cut) return Reply::thrown("ParseError", "syntax error, unexpected token \";\"");
  const int line = 2 + (body.printed.empty() ? 0 : 1) + (body.ballast > 0 ? 1 : 0) + (body.strings > 0 ? 1 : 0);
  return Reply::thrown("ParseError", fmt::format("Unclosed '[' on line {}", line));
}

std::string directory_of(const std::string& path) {
  return path.substr(0, path.rfind('/'));
}

}  // namespace

// ---- freshness ----

// SC-VAL-01 to -04, -10: by the time at which the request began.
bool ScriptRequest::is_due(const ScriptStore::Entry& entry) const {
  const bool has_time = entry.mtime != 0;  // stored by a pool that validates (SC-STA-07)
  return rules_.validates && has_time && (rules_.frequency == 0 || now() > entry.checked_until);
}

// SC-VAL-05; an include also asks which file its spelling names now, if any (SC-KEY-08).
bool ScriptRequest::is_unchanged(const std::string& key, const ScriptStore::Entry& entry, const ScriptName* name) {
  const std::string& path = *store_.path_of(key);
  if (name) {
    const auto found = search(*name);
    if (found && *found != path) return false;
  }
  const File* file = file_at(path);
  return file && entry.mtime != 0 && file->mtime == entry.mtime;
}

ScriptStore::Entry* ScriptRequest::fresh(const std::string& key, const ScriptName* name) {
  ScriptStore::Entry* entry = store_.find(key);
  if (!entry || !entry->valid) return nullptr;
  if (!is_due(*entry)) return entry;
  if (is_unchanged(key, *entry, name)) {
    entry->checked_until = now() + rules_.frequency;
    return entry;
  }
  store_.invalidate(*entry, world_.decisions);  // SC-VAL-06, -07
  return nullptr;
}

ScriptStore::Entry* ScriptRequest::fresh_at(const std::string& path) {
  ScriptStore::Entry* entry = store_.find(path);
  const bool is_other = entry && entry->valid && *store_.path_of(path) != path;
  if (!is_other || !is_due(*entry)) return fresh(path, nullptr);
  store_.invalidate(*entry, world_.decisions);
  return nullptr;
}

// ---- uses ----

// SC-SEC-01: asked at each use, and nothing is counted.
bool ScriptRequest::is_forbidden(const std::string& key) const {
  const ScriptStore::Entry* entry = rules_.checks_mode ? store_.find(key) : nullptr;
  if (!entry || !entry->valid) return false;
  const FileSystemModel::Place place = world_.files.walk(*store_.path_of(key), true);
  return !place.found() || (place.is(File::Kind::file) && !can_read(*place.node));
}

ScriptRequest::Use ScriptRequest::forbidden(const std::string& name) {
  Use use{Use::Kind::missing, name};
  use.forbidden = true;
  return use;
}

ScriptRequest::Use ScriptRequest::from_source(const Opened& opened) {
  if (!opened.can_be_read) return {Use::Kind::missing, opened.text, "", opened.file != nullptr};
  return {Use::Kind::compiled, opened.path, opened.file->text};
}

ScriptRequest::Use ScriptRequest::use(const ScriptName& name, How how) {
  const auto key = uses_cache() && !rules_.resolves_always ? key_of(name) : std::nullopt;
  if (key) return use_key(*key, name, how);
  if (!uses_cache() || !rules_.resolves_always) return without_memory(open(name));
  const Opened opened = open(name);  // SC-KEY-07
  const ScriptStore::Entry* known = store_.find(opened.path);
  const bool is_opened = how != How::main || !(known && known->valid);
  if (is_opened && !opened.can_be_read) return from_source(opened);
  hold();
  if (is_forbidden(opened.path)) return forbidden(opened.path);
  if (ScriptStore::Entry* entry = fresh_at(opened.path)) {
    store_.hit(*entry, now());
    return {Use::Kind::hit, *store_.path_of(opened.path), entry->source};
  }
  return store(opened.path, opened, how, true);
}

// Of a once-include: whether the path is still that of the file is not asked.
ScriptRequest::Use ScriptRequest::use_resolved(const std::string& path) {
  if (!uses_cache()) return without_memory(open({path}));
  const ScriptStore::Entry* known = store_.find(path);
  if (rules_.resolves_always && !(known && known->valid)) return use({path}, How::once);
  return use_key(path, {path}, How::once);
}

// Only where a name is included the look at the file asks where it leads by now (SC-KEY-08, SC-KEY-09).
ScriptRequest::Use ScriptRequest::use_key(const std::string& key, const ScriptName& name, How how) {
  hold();
  const bool asks_name = how == How::include || how == How::compile;
  if (is_forbidden(key)) return forbidden(name.text);
  const bool listed = store_.lists(key);
  const ScriptStore::Entry* before = store_.find(key);
  const bool fails_its_check = before && before->valid;  // if it is not served now
  if (auto* entry = how == How::once ? fresh_at(key) : fresh(key, asks_name ? &name : nullptr)) {
    store_.hit(*entry, now());
    return {Use::Kind::hit, *store_.path_of(key), entry->source};
  }
  const Opened opened = open(name);
  const ScriptStore::Entry* known = store_.find(opened.path);
  // A main script that is cached under its resolved path is not opened (SC-KEY-09).
  const bool is_opened = how != How::main || fails_its_check || !(known && known->valid);
  if (is_opened && !opened.can_be_read) {
    store_.misses += listed;  // SC-STA-05
    return from_source(opened);
  }
  if (const std::string* path = store_.path_of(opened.path); path && *path != opened.path) store_.chained = true;
  // A key that leads to an invalid entry is compiled without a second look (SC-VAL-06), but for a main script (SC-KEY-09).
  if (opened.path != key && (!listed || (how == How::main && !fails_its_check))) {
    const ScriptStore::Entry* other = store_.find(opened.path);
    if (!listed && other && other->valid)
      store_.add_key(key, opened.path, world_.decisions);  // SC-KEY-02, whatever the look at the file says
    if (ScriptStore::Entry* entry = fresh_at(opened.path)) {
      store_.hit(*entry, now());
      return {Use::Kind::hit, *store_.path_of(opened.path), entry->source};
    }
  }
  if (!opened.can_be_read) {
    ++store_.misses;
    return from_source(opened);
  }
  return store(key, opened, how, !listed || how == How::once || how == How::main);
}

// SC-EXC-03, SC-EXC-05: what is left out is counted.
bool ScriptRequest::may_be_stored(const Opened& opened) {
  const auto size = static_cast<std::int64_t>(opened.file->text.size());
  const bool excluded = is_excluded(opened.path);
  if (!excluded && !may_store(*opened.file)) return false;
  if (!excluded && (rules_.largest <= 0 || size <= rules_.largest)) return true;
  if (!store_.pending || rules_.has_files) store_.miss_excluded();
  return false;
}

// SC-VAL-08, SC-VAL-09.
bool ScriptRequest::may_store(const File& file) const {
  const bool time_matters = rules_.validates || rules_.protection > 0 || rules_.largest > 0;
  if (time_matters && file.mtime == 0) return false;
  return rules_.protection <= 0 || file.mtime <= now() - rules_.protection;
}

bool ScriptRequest::is_excluded(const std::string& path) const {
  const auto& patterns = store_.patterns;
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const std::string& pattern) { return excludes(pattern, path); });
}

// SC-FIL-05: whether the file cache is asked as well.
ScriptRequest::Use ScriptRequest::store(const std::string& key, const Opened& opened, How how, bool asks_files) {
  const File& file = *opened.file;
  const std::string& path = opened.path;
  const Use compiled = from_source(opened);
  if (compiled.kind == Use::Kind::missing) {
    store_.misses += store_.lists(path);
    return compiled;
  }
  if (asks_files)
    if (auto source = filed(path, file)) return load(opened, std::move(*source));
  ++store_.misses;
  // Whether the file may be stored is asked before it is compiled: also of one with an error in it.
  if (!may_be_stored(opened) || !is_whole(file.text)) return compiled;  // SC-PER-03
  keep_file(opened, !store_.pending && !store_.full);
  if (store_.pending || store_.full) return compiled;                          // SC-RST-05
  if (ScriptStore::Entry* other = store_.find(path); other && other->valid) {  // SC-LCK-05
    other->last_used = now();
    const bool same = other->mtime == (rules_.validates ? file.mtime : 0);
    return {Use::Kind::compiled, path, same || host_.runs_stale_copies ? other->source : file.text};
  }
  const ScriptRoute route = how == How::compile ? ScriptRoute::compile : ScriptRoute::include;
  if (store_.put(path, entry_of(file.text, file, route), world_.decisions)) store_.add_key(key, path, world_.decisions);
  return compiled;
}

ScriptStore::Entry ScriptRequest::entry_of(std::string source, const File& file, ScriptRoute route) const {
  ScriptStore::Entry entry;
  entry.source = std::move(source);
  entry.route = route;
  entry.mtime = rules_.validates ? file.mtime : 0;  // SC-STA-07
  entry.checked_until = now() + rules_.frequency;
  entry.last_used = now();
  return entry;
}

// ---- operations ----

ScriptPrediction ScriptRequest::missing(const Use& use, const ScriptName& name, const std::string& how) {
  ScriptPrediction prediction{Reply::of(false)};
  if (!use.forbidden)
    prediction.reply.diagnostics = {fmt::format("Warning: {}({}): Failed to open stream: {}", how, use.path,
                                                use.refused ? "Permission denied" : "No such file or directory")};
  if (how.starts_with("require")) {
    auto diagnostics = std::move(prediction.reply.diagnostics);
    prediction.reply = Reply::thrown("Error", fmt::format("Failed opening required '{}'", name.text));
    prediction.reply.diagnostics = std::move(diagnostics);
    return prediction;
  }
  prediction.reply.diagnostics.push_back(
      fmt::format("Warning: {}(): Failed opening '{}' for inclusion", how, name.text));
  return prediction;
}

// What the script does.
ScriptPrediction ScriptRequest::run(const Use& used, const ScriptName& name, const std::string& how) {
  if (used.kind == Use::Kind::missing) return missing(used, name, how);
  const ScriptBody body = body_of(used.source).value_or(ScriptBody{});
  if (body.is_broken()) return {broken(body)};
  if (!was_included(used.path)) state_.request.included.push_back(used.path);
  ScriptPrediction prediction{Reply::of(1)};
  prediction.reply.output = body.printed;
  const std::string directory = directory_of(used.path);
  std::vector<Value> returned;
  for (const auto& element : body.returned) {
    using Kind = ScriptBody::Element::Kind;
    if (element.kind == Kind::mark) returned.emplace_back(element.text);
    if (element.kind == Kind::own_file) returned.emplace_back(used.path);
    if (element.kind == Kind::own_directory) returned.emplace_back(directory);
    if (element.kind != Kind::include) continue;
    const ScriptName inner{(element.beside ? directory + "/" : "") + element.text, directory};
    ScriptPrediction part = include(inner, element.how);
    prediction.reply.output += part.reply.output;
    auto& all = prediction.reply.diagnostics;
    all.insert(all.end(), part.reply.diagnostics.begin(), part.reply.diagnostics.end());
    if (part.ends_request || part.reply.kind != Reply::Kind::value) {
      part.reply.output = prediction.reply.output;
      part.reply.diagnostics = all;
      return part;
    }
    returned.push_back(part.reply.value);
  }
  if (!returned.empty()) prediction.reply.value = Value::list(std::move(returned));
  return prediction;
}

ScriptPrediction ScriptRequest::include(const ScriptName& name, const std::string& how) {
  if (!how.ends_with("_once")) return run(use(name, How::include), name, how);
  // SC-KEY-10, DP-10: a spelling that leads to a valid entry is that script, wherever it leads by now.
  const auto key = uses_cache() && !rules_.resolves_always ? key_of(name) : std::nullopt;
  const ScriptStore::Entry* spelled = key ? store_.find(*key) : nullptr;
  if (spelled && spelled->valid && !has_moved(*spelled, *key, name))
    return include_known(std::string(*store_.path_of(*key)), key, name, how);
  // RP-USE-07: anything else is opened before the cache is asked.
  const Opened opened = open(name);
  if (opened.strictly) {
    const ScriptStore::Entry* entry = uses_cache() ? store_.find(opened.path) : nullptr;
    const std::string* known = entry && entry->valid ? store_.path_of(opened.path) : nullptr;
    if (known && (*known == opened.path || !was_included(opened.path)))
      return include_known(std::string(*known), key, name, how);
    if (was_included(opened.path)) return {Reply::of(true)};
    const auto again = resolve(opened.path, RealpathModel::Mode::lenient);
    if (again && was_included(*again)) return {Reply::of(true)};
  }
  if (!opened.can_be_read) return missing(from_source(opened), name, how);
  if (was_included(opened.path)) return {Reply::of(true)};
  return run_once(opened.strictly ? use_resolved(opened.path) : use(name, How::include), opened.path, name, how);
}

// The path of the entry itself, which a folder that became a link leads to another file.
bool ScriptRequest::has_moved(const ScriptStore::Entry& entry, const std::string& key, const ScriptName& name) {
  if (host_.keeps_moved_files || *store_.path_of(key) != key || !is_due(entry)) return false;
  const auto found = search(name);
  return found && *found != key;
}

// The file has a valid entry. It is not asked whether the name still leads there.
ScriptPrediction ScriptRequest::include_known(const std::string& path, const std::optional<std::string>& key,
                                              const ScriptName& name, const std::string& how) {
  if (key && !store_.lists(*key)) store_.add_key(*key, path, world_.decisions);
  if (was_included(path)) return {Reply::of(true)};
  const Use used = use_resolved(path);
  const ScriptStore::Entry* entry = store_.find(path);
  const bool stored = used.kind == Use::Kind::compiled && entry && entry->valid;
  const bool composed = key && *key != name.text;
  if (stored && composed && host_.doubles_keys) store_.double_key(*key);
  // Where a failed once-include is entered, the path of the entry is, whatever the name leads to by now.
  if (used.kind != Use::Kind::hit && host_.failing_once_includes) state_.request.included.push_back(path);
  const bool is_new = used.kind == Use::Kind::compiled && used.path != path && !was_included(used.path);
  ScriptPrediction prediction = run_once(used, path, {path}, how);
  // Whether such a target enters the other file as well differs from case to case.
  if (is_new && host_.keeps_moved_files && !world_.decisions.decide()) std::erase(state_.request.included, used.path);
  return prediction;
}

// The file is entered before it is compiled: also one with an error in it.
ScriptPrediction ScriptRequest::run_once(const Use& used, const std::string& path, const ScriptName& name,
                                         const std::string& how) {
  const bool enters = used.kind != Use::Kind::missing || host_.failing_once_includes;
  ScriptPrediction prediction = run(used, name, how);
  const std::string& entered = used.kind == Use::Kind::missing ? path : used.path;
  if (enters && !was_included(entered)) state_.request.included.push_back(entered);
  return prediction;
}

// SC-API-07, SC-API-09.
ScriptPrediction ScriptRequest::compile(const ScriptName& name) {
  const Use used = use(name, How::compile);
  if (used.kind == Use::Kind::missing) return missing(used, name, "opcache_compile_file");
  const auto body = body_of(used.source);
  if (body && body->is_broken()) return {broken(*body)};
  if (used.kind == Use::Kind::hit && host_.compiling_includes && !was_included(used.path))
    state_.request.included.push_back(used.path);
  return {Reply::of(true)};
}

// SC-API-02 to -04.
ScriptPrediction ScriptRequest::invalidate(const ScriptName& name, bool force) {
  if (!uses_cache()) return {Reply::of(false)};
  const auto path = search(name);
  if (path) store_.files.erase(*path);                // SC-FIL-08
  const std::string& key = path ? *path : name.text;  // what is gone is found by an absolute spelling only
  ScriptStore::Entry* entry = store_.find(key);
  if (!entry || !entry->valid) return {Reply::of(path.has_value())};
  const bool elsewhere = !path || *store_.path_of(key) != *path;
  if (force || !rules_.validates || elsewhere || !is_unchanged(key, *entry, nullptr))
    store_.invalidate(*entry, world_.decisions);
  return {Reply::of(true)};
}

// SC-API-10, SC-VAL-11.
bool ScriptRequest::is_cached(const ScriptName& name) {
  if (!uses_cache()) return false;
  const auto key = key_of(name);
  ScriptStore::Entry* entry = key ? store_.find(*key) : nullptr;
  if (!entry || !entry->valid) return false;
  if (!is_due(*entry)) return true;
  if (!is_unchanged(*key, *entry, &name)) return false;
  entry->checked_until = now() + rules_.frequency;
  return true;
}

}  // namespace assay::conformance
