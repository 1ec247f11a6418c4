#include "reference/php/interpreter/file_loader.h"

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>

namespace assay::reference::php {

namespace {

std::string real_path(const std::string& path) {
  char resolved[PATH_MAX];
  return realpath(path.c_str(), resolved) == nullptr ? "" : resolved;
}

}  // namespace

// An absolute or dotted path stands for itself; any other is sought in the include path, then beside the script.
std::string FileLoader::resolve(const LoadRequest& request) const {
  const std::string path(request.path);
  if (path.find('\0') != std::string::npos || path.empty()) return "";
  if (path[0] == '/' || path.starts_with("./") || path.starts_with("../")) return real_path(path);
  std::istringstream folders(include_path_);
  for (std::string folder; std::getline(folders, folder, ':');) {
    const std::string found = real_path(folder + "/" + path);
    if (!found.empty()) return found;
  }
  return request.including_directory.empty() ? "" : real_path(std::string(request.including_directory) + "/" + path);
}

LoadResult FileLoader::load(const LoadRequest& request, RequestContext& context) {
  if (request.stream != nullptr) {
    if (!request.stream->bytes) return stream_failure(request, include_path_);
    return compiled(*request.stream->bytes, request.stream->path);
  }
  const std::string path = resolve(request);
  if (path.empty()) return open_failure(request, request.path, std::strerror(ENOENT), include_path_);
  const bool once = request.kind == IncludeKind::include_once || request.kind == IncludeKind::require_once;
  if (once && context.was_included(path)) {
    LoadResult result;
    result.already_included = true;
    return result;
  }
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  if (!file || !(bytes << file.rdbuf()) || file.bad())
    return open_failure(request, request.path, std::strerror(EACCES), include_path_);
  return compiled(bytes.str(), path);
}

LoadResult FileLoader::compiled(const std::string& source, const std::string& path) {
  LoadResult result;
  auto arena = std::make_unique<Arena>();
  auto compilation = compiler_.compile(source, path, *arena);
  if (!compilation) {
    result.error = compilation.error();
    return result;
  }
  arenas_.push_back(std::move(arena));
  result.script = compilation->script;
  result.warnings = std::move(compilation->warnings);
  return result;
}

}  // namespace assay::reference::php
