#include "reference/realpath_cache/include_search.h"

#include <errno.h>

#include <utility>

namespace assay::reference {
namespace {

bool starts_with(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

// A bare name is searched for; the others say themselves where they start (RP-USE-06).
bool is_bare(std::string_view name) {
  return !starts_with(name, "/") && !starts_with(name, "./") && !starts_with(name, "../");
}

std::string join(std::string_view directory, std::string_view name) {
  return std::string(directory).append("/").append(name);
}

}  // namespace

std::vector<std::string> split_include_path(std::string_view setting) {
  std::vector<std::string> elements;
  while (!setting.empty()) {
    const std::size_t colon = setting.find(':');
    elements.emplace_back(setting.substr(0, colon));
    setting.remove_prefix(colon == std::string_view::npos ? setting.size() : colon + 1);
  }
  return elements;
}

SystemResult<std::string> IncludeSearch::find(std::string_view name, const IncludeContext& context) {
  if (!is_bare(name)) return resolver_.resolve(name, ResolutionMode::strict);
  for (const std::string& element : context.include_path) {
    if (auto found = resolver_.resolve(join(element, name), ResolutionMode::strict)) return found;
  }
  if (context.script_directory.empty()) return tl::unexpected<Errno>(Errno{ENOENT});
  return resolver_.resolve(join(context.script_directory, name), ResolutionMode::strict);
}

SystemResult<std::string> IncludeSearch::resolve_plain(std::string_view name, const IncludeContext& context) {
  if (is_bare(name)) {
    if (auto found = find(name, context)) return found;
  }
  return resolver_.resolve(name, ResolutionMode::lenient);
}

SystemResult<IncludeSearch::OnceTarget> IncludeSearch::resolve_once(std::string_view name,
                                                                    const IncludeContext& context,
                                                                    const IncludedBefore& included_before) {
  const auto found = find(name, context);
  if (found && included_before(*found)) return OnceTarget{*found, true};
  auto opened = resolver_.resolve(found ? std::string_view(*found) : name, ResolutionMode::lenient);
  if (!opened) return tl::unexpected<Errno>(opened.error());
  return OnceTarget{std::move(*opened), false};
}

}  // namespace assay::reference
