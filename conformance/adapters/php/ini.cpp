#include "conformance/adapters/php/ini.h"

#include <algorithm>
#include <cctype>

namespace assay::conformance::php {

namespace {

bool is_word_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' || c == '-';
}

bool is_bare_character(char c) {
  return is_word_character(c) || std::string_view("/:@%+*,").find(c) != std::string_view::npos;
}

}  // namespace

Result<std::string> quote_ini_value(std::string_view value) {
  if (value.find_first_of(std::string_view("\n\r\0", 3)) != std::string_view::npos) {
    return fail(Failure::Kind::unusable, "an INI value cannot hold a line break or a NUL byte", std::string(value));
  }
  if (!value.empty() && std::all_of(value.begin(), value.end(), is_bare_character)) return std::string(value);
  if (value.empty()) return std::string("\"\"");
  // Within '...' nothing is special, not even a backslash or ${...}; a ' itself goes between "...". PHP joins the
  // pieces, but refuses an empty '' among them.
  std::string quoted;
  while (!value.empty()) {
    const bool quotes = value.front() == '\'';
    const std::size_t end = std::min(quotes ? value.find_first_not_of('\'') : value.find('\''), value.size());
    const char mark = quotes ? '"' : '\'';
    quoted.append(1, mark).append(value.substr(0, end)).append(1, mark);
    value.remove_prefix(end);
  }
  return quoted;
}

Result<std::string> ini_assignment(std::string_view name, std::string_view value) {
  if (name.empty() || !std::all_of(name.begin(), name.end(), is_word_character)) {
    return fail(Failure::Kind::unusable, "this is not the name of an INI directive", std::string(name),
                "Write NAME=VALUE, for example opcache.revalidate_freq=2");
  }
  auto quoted = quote_ini_value(value);
  if (!quoted) return quoted;
  return std::string(name) + "=" + *quoted;
}

Result<std::vector<std::string>> command_line_of(const IniSettings& settings) {
  std::vector<std::string> arguments;
  for (const auto& [name, value] : settings) {
    auto assignment = ini_assignment(name, value);
    if (!assignment) return tl::make_unexpected(assignment.error());
    arguments.insert(arguments.end(), {"-d", *assignment});
  }
  return arguments;
}

}  // namespace assay::conformance::php
