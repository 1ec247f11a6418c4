#include "reference/php/compiler/text.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "reference/php/compiler/lexer.h"

namespace assay::reference::php {

namespace {
char lower_byte(char byte) {
  return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
}
char upper_byte(char byte) {
  return byte >= 'a' && byte <= 'z' ? static_cast<char>(byte - 'a' + 'A') : byte;
}
}  // namespace

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), lower_byte);
  return result;
}

std::string upper(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), upper_byte);
  return result;
}

bool equal_ignoring_case(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](char a, char b) { return lower_byte(a) == lower_byte(b); });
}

std::string_view trim(std::string_view text, std::string_view bytes, bool left, bool right) {
  while (left && !text.empty() && bytes.find(text.front()) != std::string_view::npos) text.remove_prefix(1);
  while (right && !text.empty() && bytes.find(text.back()) != std::string_view::npos) text.remove_suffix(1);
  return text;
}

bool is_keyword(std::string_view name) {
  static constexpr std::array<std::string_view, 72> kWords = {
      "__halt_compiler", "abstract",  "and",          "array",      "as",         "break",
      "callable",        "case",      "catch",        "class",      "clone",      "const",
      "continue",        "declare",   "default",      "do",         "echo",       "else",
      "elseif",          "empty",     "enddeclare",   "endfor",     "endforeach", "endif",
      "endswitch",       "endwhile",  "eval",         "exit",       "die",        "extends",
      "final",           "finally",   "fn",           "for",        "foreach",    "function",
      "global",          "goto",      "if",           "implements", "include",    "include_once",
      "instanceof",      "insteadof", "interface",    "isset",      "list",       "match",
      "namespace",       "new",       "or",           "print",      "private",    "protected",
      "public",          "require",   "require_once", "return",     "static",     "switch",
      "throw",           "trait",     "try",          "unset",      "use",        "var",
      "while",           "xor",       "yield",        "readonly",   "__class__",  "__file__"};
  const std::string word = lower(name);
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

std::string utf8(std::uint32_t code) {
  std::string out;
  auto put = [&](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | code >> 6), put(0x80 | (code & 63));
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12), put(0x80 | (code >> 6 & 63)), put(0x80 | (code & 63));
  } else {
    put(0xF0 | code >> 18), put(0x80 | (code >> 12 & 63)), put(0x80 | (code >> 6 & 63)), put(0x80 | (code & 63));
  }
  return out;
}

std::string directory_of(std::string_view path) {
  if (path.empty()) return "";
  std::string_view rest = trim(path, "/", false, true);
  if (rest.empty()) return "/";
  const std::size_t slash = rest.rfind('/');
  if (slash == std::string_view::npos) return ".";
  rest = trim(rest.substr(0, slash), "/", false, true);
  return rest.empty() ? "/" : std::string(rest);
}

namespace {

// The value of the digits at `at`, at most `most` of them, in `base`; moves `at` behind them. -1: none there.
long take_digits(std::string_view text, std::size_t& at, std::size_t most, int base) {
  long value = 0;
  const char* from = text.data() + at;
  const char* until = text.data() + std::min(at + most, text.size());
  auto [end, error] = std::from_chars(from, until, value, base);
  if (error != std::errc() || end == from || *from == '-') return -1;
  at += static_cast<std::size_t>(end - from);
  return value;
}

// `\u{1F600}`, with `at` behind the u. False: malformed.
bool take_code_point(std::string_view text, std::size_t& at, std::string& out) {
  std::size_t cursor = at + 1;
  const long code = take_digits(text, cursor, 8, 16);
  if (code < 0 || code > 0x10FFFF || cursor >= text.size() || text[cursor] != '}') return false;
  out += utf8(static_cast<std::uint32_t>(code));
  at = cursor + 1;
  return true;
}

}  // namespace

tl::expected<std::string, SyntaxError> unescape(std::string_view text, bool heredoc, std::uint32_t line) {
  static constexpr std::string_view kFrom = "ntrvef\\$";
  static constexpr std::string_view kTo = "\n\t\r\v\x1b\f\\$";
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] != '\\' || i + 1 >= text.size()) {
      out.push_back(text[i++]);
      continue;
    }
    const char escape = text[i + 1];
    std::size_t behind = i + 2;
    if (auto which = kFrom.find(escape); which != std::string_view::npos) {
      out.push_back(kTo[which]);
    } else if (escape == '"' && !heredoc) {
      out.push_back('"');
    } else if (escape >= '0' && escape <= '7') {
      behind = i + 1;
      out.push_back(static_cast<char>(take_digits(text, behind, 3, 8)));
    } else if (long value = -1; escape == 'x' && (value = take_digits(text, behind, 2, 16)) >= 0) {
      out.push_back(static_cast<char>(value));
    } else if (escape == 'u' && behind < text.size() && text[behind] == '{') {
      if (!take_code_point(text, behind, out))
        return tl::unexpected(SyntaxError{"Invalid UTF-8 codepoint escape sequence", line});
    } else {
      out.push_back('\\');
      behind = i + 1;
    }
    i = behind;
  }
  return out;
}

}  // namespace assay::reference::php
