#include "conformance/adapters/php/map_directives.h"

namespace assay::conformance::php {

namespace {

constexpr std::string_view kSize = "opcache.static_cache.volatile_size_mb";
constexpr std::string_view kMiB = "{MiB}";

std::string filled_in(std::string text, const std::string& number) {
  const std::size_t at = text.find(kMiB);
  if (at != std::string::npos) text.replace(at, kMiB.size(), number);
  return text;
}

}  // namespace

void translate_size(IniSettings& ini, const IniSettings& size, const IniSettings& off) {
  IniSettings translated;
  for (const auto& setting : ini) {
    const IniSettings& words = setting.second == "0" ? off : size;
    if (setting.first != kSize || words.empty()) {
      translated.push_back(setting);
      continue;
    }
    for (const auto& [name, value] : words) translated.emplace_back(name, filled_in(value, setting.second));
  }
  ini = std::move(translated);
}

}  // namespace assay::conformance::php
