#include "conformance/adapters/php/map_directives.h"

#include <cstdlib>

namespace assay::conformance::php {

namespace {

constexpr std::string_view kSize = "opcache.static_cache.volatile_size_mb";
constexpr std::string_view kMiB = "{MiB";

// "{MiB}" is the number, "{MiB>=4}" at least 4.
std::string filled_in(std::string text, const std::string& number) {
  const std::size_t at = text.find(kMiB);
  const std::size_t end = text.find('}', at == std::string::npos ? text.size() : at);
  if (end == std::string::npos) return text;
  const std::string least = text.substr(at + kMiB.size(), end - at - kMiB.size());
  if (!least.empty() && !least.starts_with(">=")) return text;
  const bool is_less = !least.empty() && std::atol(number.c_str()) < std::atol(least.c_str() + 2);
  return text.replace(at, end + 1 - at, is_less ? least.substr(2) : number);
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
