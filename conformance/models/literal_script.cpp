#include "conformance/models/literal_script.h"

#include <charconv>

namespace assay::conformance {

namespace {

// A string in single quotes; nullopt where it is no such string, or something follows it.
std::optional<Value> quoted(std::string_view text) {
  if (text.size() < 2 || text.front() != '\'' || text.back() != '\'') return std::nullopt;
  text = text.substr(1, text.size() - 2);
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\'') return std::nullopt;
    if (text[i] == '\\') {
      if (++i == text.size() || (text[i] != '\'' && text[i] != '\\')) return std::nullopt;
    }
    out += text[i];
  }
  return Value(std::move(out));
}

}  // namespace

std::optional<Value> literal_result(const std::string& script) {
  constexpr std::string_view head = "<?php\nreturn ", tail = ";\n";
  std::string_view text = script;
  if (!text.starts_with(head) || !text.ends_with(tail) || text.size() < head.size() + tail.size()) return std::nullopt;
  text = text.substr(head.size(), text.size() - head.size() - tail.size());
  if (text == "null") return Value();
  if (text == "true") return Value(true);
  if (text == "false") return Value(false);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool octal = text.size() > 1 && (text[0] == '0' || text.starts_with("-0"));
  if (error == std::errc() && end == text.data() + text.size() && !octal) return Value(number);
  return quoted(text);
}

}  // namespace assay::conformance
