#include "reference/server/cached_loader.h"

#include <cstring>

#include "reference/server/stream_file.h"

namespace assay::reference {
namespace {

std::vector<php::Diagnostic> recorded_warnings(const php::Script& script) {
  std::vector<php::Diagnostic> warnings;
  for (const php::CompileWarning& warning : script.warnings) {
    warnings.push_back({static_cast<php::Severity>(warning.severity), std::string(warning.message->view()),
                        std::string(script.path->view()), warning.line});
  }
  return warnings;
}

}  // namespace

std::string CachedLoader::working_directory_for(std::string_view path) {
  return path.starts_with('/') ? "" : paths_.getcwd().value_or("");
}

ScriptFile CachedLoader::file(const ScriptName& name) {
  return ScriptFile(paths_, compiler_, check_, blacklist_, name, ScriptFile::Search::plain, kept_);
}

php::LoadResult CachedLoader::load(const php::LoadRequest& request, php::RequestContext& context) {
  if (request.path.empty()) {
    php::LoadResult result;
    result.error = php::Diagnostic{php::Severity::fatal, "Path cannot be empty", "", 0};
    result.thrown_class = "ValueError";
    return result;
  }
  if (request.stream != nullptr) return load_stream(request);
  if (is_once(request.kind)) return load_once(request, context);
  const std::string directory = working_directory_for(request.path);
  const ScriptName name{request.path, directory, include_path_, request.including_directory, false};
  ScriptFile source = file(name);
  source.confine(client_.settings().open_basedir);
  return finish(request, client_.use(name, source), source);
}

php::LoadResult CachedLoader::load_once(const php::LoadRequest& request, php::RequestContext& context) {
  const auto included = [&context](const std::string& path) { return context.was_included(path); };
  const std::string directory = working_directory_for(request.path);
  const ScriptName name{request.path, directory, include_path_, request.including_directory, false};
  ScriptFile file(paths_, compiler_, check_, blacklist_, name, ScriptFile::Search::once, kept_, included);
  file.confine(client_.settings().open_basedir);
  const auto target = client_.resolve_once(name, file);
  if (!target) return finish(request, tl::unexpected(target.error()), file);
  if (!*target) return finish(request, ScriptUse{}, file);
  const auto& [path, opened, kind] = **target;
  if (context.was_included(path) || context.was_included(opened)) {
    php::LoadResult result;
    result.already_included = true;
    return result;
  }
  if (kind != OnceScript::Kind::cached && !file.can_be_read(path)) return finish(request, ScriptUse{}, file);
  if (kind == OnceScript::Kind::opened) {
    const auto use = client_.use(name, file);
    if (file.compile_error()) context.note_included(path);  // entered before it is compiled
    return finish(request, use, file);
  }
  ScriptFile resolved = this->file({path, {}, include_path_});
  const php::LoadRequest by_path{kind == OnceScript::Kind::cached ? std::string_view(path) : request.path,
                                 request.including_directory, request.kind};
  const auto use = client_.use_resolved(path, resolved);
  if (resolved.compile_error()) context.note_included(opened);
  return finish(by_path, use, resolved);
}

// What a request reads by a wrapper of its own, and what can be no key, has nothing to do with the cache (SC-KEY-15).
php::LoadResult CachedLoader::load_stream(const php::LoadRequest& request) {
  const php::StreamText& text = *request.stream;
  if (!text.bytes) return php::stream_failure(request, include_path_);
  SourceCompiler compiling(compiler_, check_, kept_);
  StreamFile file(text, compiling, blacklist_);
  const std::string directory = working_directory_for(request.path);
  const ScriptName name{request.path, directory, include_path_, request.including_directory};
  const bool is_cached = !text.is_own && ScriptCacheClient::is_candidate(request.path);
  const auto use = is_cached ? client_.use(name, file) : ScriptCacheClient::compile(text.path, file);
  return finish_found(use, compiling).value_or(php::LoadResult{});
}

// Nothing where the use found no file.
std::optional<php::LoadResult> CachedLoader::finish_found(const Expected<ScriptUse>& use,
                                                          const SourceCompiler& compiling) {
  php::LoadResult result;
  if (!use) {
    lock_failure_ = use.error();
    result.error = php::Diagnostic{php::Severity::fatal, use.error().message, "", 0};
    return result;
  }
  result.warnings = compiling.warnings();
  if (use->kind == ScriptUse::Kind::hit || use->kind == ScriptUse::Kind::compiled) {
    result.script = use->script;
    if (use->kind == ScriptUse::Kind::compiled || !client_.settings().record_warnings) return result;
    result.warnings = recorded_warnings(*use->script);
    if (result.warnings.empty()) return result;
    // A handler that throws at one of them does not hide what compiling would have ended with before (GU-VAL-07).
    if (auto taken = check_(*use->script)) {
      result.warnings.clear();
      result.script = nullptr;
      result.error = std::move(*taken);
    }
    return result;
  }
  if (!compiling.error()) return std::nullopt;
  result.error = *compiling.error();
  if (result.error->severity == php::Severity::parse) result.thrown_class = "ParseError";
  return result;
}

php::LoadResult CachedLoader::finish(const php::LoadRequest& request, const Expected<ScriptUse>& use,
                                     const ScriptFile& file) {
  if (auto found = finish_found(use, file.compiling())) return std::move(*found);
  const char* reason = use->kind == ScriptUse::Kind::forbidden ? "" : std::strerror(file.open_error());
  php::LoadResult result = php::open_failure(request, file.opened_name(), reason, include_path_);
  if (file.outside().empty()) return result;
  const std::string function = asking_name(request);
  result.warnings.insert(result.warnings.begin(),
                         {php::Severity::warning,
                          function + "(): open_basedir restriction in effect. File(" + file.outside() +
                              ") is not within the allowed path(s): (" + client_.settings().open_basedir + ")",
                          "", 0});
  return result;
}

// Nobody includes it: a failure to open it is that of a require without a function's name in front.
php::LoadResult CachedLoader::load_main(const std::string& path) {
  const std::string directory = working_directory_for(path);
  const ScriptName name{path, directory, include_path_, {}, true};
  ScriptFile source = file(name);
  const php::LoadRequest request{path, {}, php::IncludeKind::require};
  php::LoadResult loaded = finish(request, client_.use(name, source), source);
  if (loaded.thrown_class != "Error") return loaded;
  loaded.thrown_class.clear();
  if (!loaded.warnings.empty()) {
    loaded.warnings = {{php::Severity::warning,
                        std::string("Unknown: Failed to open stream: ") + std::strerror(source.open_error()), "", 0}};
  }
  return loaded;
}

php::LoadResult CachedLoader::compile(const std::string& path) {
  const std::string directory = working_directory_for(path);
  const ScriptName name{path, directory, include_path_, {}, false};
  ScriptFile source = file(name);
  source.only_store();
  source.confine(client_.settings().open_basedir);
  const php::LoadRequest request{path, {}, php::IncludeKind::include, "opcache_compile_file"};
  return finish(request, client_.use(name, source), source);
}

}  // namespace assay::reference
