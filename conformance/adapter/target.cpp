#include "conformance/adapter/target.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace assay::conformance {
namespace {

using Options = std::vector<std::pair<std::string, std::string>>;

Expected<Options> parse_options(const std::string& text, const TargetKind& kind) {
  Options options;
  std::vector<std::string> known;
  for (const auto& [name, meaning] : kind.options) known.push_back(name);
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const std::string item = text.substr(begin, end - begin);
    begin = end + 1;
    const auto equals = item.find('=');
    const std::string name = item.substr(0, equals);
    if (equals == std::string::npos || std::find(known.begin(), known.end(), name) == known.end()) {
      return failure(fmt::format("target {} has no option \"{}\"; it takes {}", kind.name, item,
                                 known.empty() ? "none" : fmt::format("{}=VALUE", fmt::join(known, "=VALUE, "))));
    }
    options.emplace_back(name, item.substr(equals + 1));
  }
  return options;
}

}  // namespace

Expected<ChosenTarget> choose_target(const std::string& text) {
  const std::size_t colon = text.find(':');
  const std::string name = text.substr(0, colon);
  const auto kinds = target_kinds();
  const auto kind = std::find_if(kinds.begin(), kinds.end(), [&](const TargetKind& k) { return k.name == name; });
  if (kind == kinds.end()) {
    std::vector<std::string> names;
    for (const TargetKind& k : kinds) names.push_back(k.name);
    return failure(
        fmt::format("unknown target \"{}\"; known targets are {} (see: assay targets)", name, fmt::join(names, ", ")));
  }
  auto options = ASSAY_TRY(parse_options(colon == std::string::npos ? "" : text.substr(colon + 1), *kind));
  return ChosenTarget{&*kind, std::move(options)};
}

Expected<std::unique_ptr<Target>> make_target(const std::string& text) {
  auto chosen = ASSAY_TRY(choose_target(text));
  return chosen.kind->make(chosen.options);
}

}  // namespace assay::conformance
