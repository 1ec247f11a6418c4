#include "reference/php/interpreter/script_loader.h"

#include <array>

namespace assay::reference::php {

std::string_view include_name(IncludeKind kind) {
  static constexpr std::array<std::string_view, 4> kNames = {"include", "include_once", "require", "require_once"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string asking_name(const LoadRequest& request) {
  return std::string(request.function.empty() ? include_name(request.kind) : request.function);
}

LoadResult stream_failure(const LoadRequest& request, std::string_view include_path) {
  LoadResult result = open_failure(request, request.path, request.stream->reason, include_path);
  std::vector<Diagnostic> warnings;
  for (const std::string& each : request.stream->complaints)
    warnings.push_back({Severity::warning, asking_name(request) + "(): " + each, "", 0});
  result.warnings.insert(result.warnings.begin(), warnings.begin(), warnings.end());
  return result;
}

LoadResult open_failure(const LoadRequest& request, std::string_view opened, std::string_view reason,
                        std::string_view include_path) {
  const std::string name = asking_name(request);
  const std::string path(request.path);
  LoadResult result;
  if (!reason.empty()) {
    result.warnings.push_back({Severity::warning,
                               name + "(" + std::string(opened) + "): Failed to open stream: " + std::string(reason),
                               "", 0});
  }
  const std::string where = " (include_path='" + std::string(include_path) + "')";
  if (request.kind == IncludeKind::require || request.kind == IncludeKind::require_once) {
    result.error = Diagnostic{Severity::fatal, "Failed opening required '" + path + "'" + where, "", 0};
    result.thrown_class = "Error";
  } else {
    result.warnings.push_back(
        {Severity::warning, name + "(): Failed opening '" + path + "' for inclusion" + where, "", 0});
  }
  return result;
}

}  // namespace assay::reference::php
