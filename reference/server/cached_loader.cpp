#include "reference/server/cached_loader.h"

#include <cstring>

namespace assay::reference {
namespace {

bool is_once(script::IncludeKind kind) {
  return kind == script::IncludeKind::kIncludeOnce || kind == script::IncludeKind::kRequireOnce;
}

std::vector<script::Diagnostic> recorded_warnings(const script::Script& script) {
  std::vector<script::Diagnostic> warnings;
  for (const script::CompileWarning& warning : script.warnings) {
    warnings.push_back({static_cast<script::Severity>(warning.severity), std::string(warning.message->view()),
                        std::string(script.path->view()), warning.line});
  }
  return warnings;
}

}  // namespace

IncludeContext CachedLoader::context_for(std::string_view including_directory) const {
  return {SplitIncludePath(include_path_), std::string(including_directory)};
}

std::string CachedLoader::working_directory() {
  return paths_.GetCwd().value_or("");
}

ScriptFile CachedLoader::file(const std::string& path, ScriptFile::Search search) {
  return ScriptFile(paths_, compiler_, blacklist_, path, context_for(""), search, kept_);
}

script::LoadResult CachedLoader::load(const script::LoadRequest& request, script::RequestContext& context) {
  if (request.path.empty()) {
    script::LoadResult result;
    result.error = script::Diagnostic{script::Severity::kFatal, "Path cannot be empty", "", 0};
    result.thrown_class = "ValueError";
    return result;
  }
  if (is_once(request.kind)) return load_once(request, context);
  ScriptFile file(paths_, compiler_, blacklist_, std::string(request.path), context_for(request.including_directory),
                  ScriptFile::Search::kPlain, kept_);
  const std::string directory = working_directory();
  const ScriptName name{request.path, directory, include_path_, request.including_directory, false};
  return finish(request, client_.use(name, file), file);
}

script::LoadResult CachedLoader::load_once(const script::LoadRequest& request, script::RequestContext& context) {
  const auto included = [&context](const std::string& path) { return context.was_included(path); };
  ScriptFile file(paths_, compiler_, blacklist_, std::string(request.path), context_for(request.including_directory),
                  ScriptFile::Search::kOnce, kept_, included);
  const std::string directory = working_directory();
  const ScriptName name{request.path, directory, include_path_, request.including_directory, false};
  const auto resolved = client_.resolve_once(name, file);
  if (!resolved) return finish(request, tl::unexpected(resolved.error()), file);
  if (!*resolved) return finish(request, ScriptUse{}, file);
  if (context.was_included(**resolved)) {
    script::LoadResult result;
    result.already_included = true;
    return result;
  }
  return finish(request, client_.use_resolved(**resolved, file), file);
}

script::LoadResult CachedLoader::finish(const script::LoadRequest& request, const Expected<ScriptUse>& use,
                                        const ScriptFile& file) {
  script::LoadResult result;
  if (!use) {
    lock_failure_ = use.error();
    result.error = script::Diagnostic{script::Severity::kFatal, use.error().message, "", 0};
    return result;
  }
  result.warnings = file.warnings();
  if (use->kind == ScriptUse::Kind::kHit || use->kind == ScriptUse::Kind::kCompiled) {
    result.script = use->script;
    if (use->kind == ScriptUse::Kind::kHit && client_.settings().record_warnings)
      result.warnings = recorded_warnings(*use->script);
    return result;
  }
  if (file.compile_error()) {
    result.error = *file.compile_error();
    if (result.error->severity == script::Severity::kParse) result.thrown_class = "ParseError";
    return result;
  }
  return script::open_failure(request, std::strerror(file.open_error()), include_path_);
}

// Nobody includes it: a failure to open it is that of a require without a function's name in front.
script::LoadResult CachedLoader::load_main(const std::string& path) {
  ScriptFile source = file(path, ScriptFile::Search::kPlain);
  const std::string directory = working_directory();
  const ScriptName name{path, directory, include_path_, {}, true};
  const script::LoadRequest request{path, {}, script::IncludeKind::kRequire};
  script::LoadResult loaded = finish(request, client_.use(name, source), source);
  if (loaded.thrown_class != "Error") return loaded;
  loaded.thrown_class.clear();
  loaded.warnings = {{script::Severity::kWarning,
                      std::string("Unknown: Failed to open stream: ") + std::strerror(source.open_error()), "", 0}};
  return loaded;
}

script::LoadResult CachedLoader::compile(const std::string& path) {
  ScriptFile source = file(path, ScriptFile::Search::kPlain);
  const std::string directory = working_directory();
  const ScriptName name{path, directory, include_path_, {}, false};
  script::LoadRequest request{path, {}, script::IncludeKind::kInclude};
  return finish(request, client_.use(name, source), source);
}

}  // namespace assay::reference
