#include "reference/server/preload_loader.h"

#include <cstring>

namespace assay::reference {
namespace {

// The prefix takes the place of the construct that asked (PL-CFG-11).
void say_at_startup(std::string& message) {
  const auto end = message.find("): ");
  if (end != std::string::npos) message = "PHP Startup: " + message.substr(end + 3);
}

}  // namespace

PreloadLoader::PreloadLoader(PathOperations& paths, ScriptCache& cache, const Settings& settings,
                             const php::RequestContext& context, const php::Builtins& builtins)
    : paths_(paths),
      cache_(cache),
      settings_(settings),
      check_([&](const php::Script& script) { return php::redeclaration(script, context, builtins); }) {}

php::LoadResult PreloadLoader::load(const php::LoadRequest& request, php::RequestContext& context) {
  const ScriptName name{request.path, {}, settings_.include_path, request.including_directory};
  ScriptFile file(paths_, compiler_, check_, nothing_excluded_, name, ScriptFile::Search::plain, kept_);
  const auto found = is_once(request.kind) ? file.find() : std::nullopt;
  if (!found || !context.was_included(*found)) return stored(request, file);
  php::LoadResult result;
  result.already_included = true;
  return result;
}

php::LoadResult PreloadLoader::compile(const std::string& path) {
  const ScriptName name{path, {}, settings_.include_path};
  ScriptFile file(paths_, compiler_, check_, nothing_excluded_, name, ScriptFile::Search::plain, kept_);
  return stored({path, {}, php::IncludeKind::include, "opcache_compile_file"}, file);
}

php::LoadResult PreloadLoader::stored(const php::LoadRequest& request, ScriptFile& file) {
  php::LoadResult result;
  const auto resolved = file.resolve();
  const auto known = known_.find(resolved.value_or(""));
  if (known != known_.end()) {
    result.script = known->second;
    return result;
  }
  const php::Script* compiled = resolved ? file.compile(*resolved) : nullptr;
  if (compiled == nullptr && file.compile_error()) {
    result.error = *file.compile_error();
    if (result.error->severity == php::Severity::parse) result.thrown_class = "ParseError";
    return result;
  }
  if (compiled == nullptr) {
    result = php::open_failure(request, file.opened_name(), std::strerror(file.open_error()), settings_.include_path);
    for (php::Diagnostic& warning : result.warnings) say_at_startup(warning.message);
    return result;
  }
  result.warnings = file.warnings();
  const ScriptEntry* entry = store(*resolved, *compiled);
  if (entry == nullptr) {
    result.error = php::Diagnostic{php::Severity::fatal, "Not enough room for preloading; raise " + *no_room_, "", 0};
    return result;
  }
  result.script = entry->script;
  known_.emplace(*resolved, entry->script);
  scripts_.push_back(entry->script);
  return result;
}

const ScriptEntry* PreloadLoader::store(const std::string& path, const php::Script& script) {
  const auto guard = cache_.lock_for_writing();
  const bool has_slots = cache_.has_slots();
  const auto done = guard ? cache_.store(path, 0, 0, script, 0) : ScriptCache::Stored{};
  if (done.entry == nullptr) no_room_ = has_slots ? "opcache.memory_consumption" : "opcache.max_accelerated_files";
  return done.entry;
}

const ScriptEntry* PreloadLoader::store_empty(const std::string& name) {
  auto empty = std::make_unique<CompiledScript>();
  const auto compilation = compiler_.compile("", name, empty->arena);
  kept_.push_back(std::move(empty));
  return compilation ? store(name, *compilation->script) : nullptr;
}

}  // namespace assay::reference
