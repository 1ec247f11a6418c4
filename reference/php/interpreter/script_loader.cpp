#include "reference/php/interpreter/script_loader.h"

#include <array>

namespace assay::reference::php {

std::string_view include_name(IncludeKind kind) {
  static constexpr std::array<std::string_view, 4> kNames = {"include", "include_once", "require", "require_once"};
  return kNames[static_cast<std::size_t>(kind)];
}

LoadResult open_failure(const LoadRequest& request, std::string_view opened, std::string_view reason,
                        std::string_view include_path) {
  const std::string name(request.function.empty() ? include_name(request.kind) : request.function);
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
