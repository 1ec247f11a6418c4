#include "reference/config/user_ini.h"

#include <algorithm>

namespace assay::reference {
namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

// A quoted value ends with its quote, any other one with a comment.
std::string_view value_of(std::string_view text) {
  text = trimmed(text);
  if (text.starts_with('"')) return text.substr(1, text.find('"', 1) - 1);
  return trimmed(text.substr(0, text.find(';')));
}

}  // namespace

std::map<std::string, std::string> parse_user_ini(std::string_view text) {
  std::map<std::string, std::string> settings;
  while (!text.empty()) {
    const std::string_view line = trimmed(text.substr(0, text.find('\n')));
    text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
    const std::size_t equals = line.find('=');
    if (line.starts_with(';') || line.starts_with('[') || equals == std::string_view::npos) continue;
    settings.insert_or_assign(std::string(trimmed(line.substr(0, equals))), value_of(line.substr(equals + 1)));
  }
  return settings;
}

}  // namespace assay::reference
