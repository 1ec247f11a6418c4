#include "reference/php/compiler/lexer.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdlib>

#include "reference/php/compiler/text.h"

namespace assay::reference::php {

bool is_name_start(unsigned char byte) {
  return std::isalpha(byte) || byte == '_' || byte >= 0x80;
}
bool is_name_part(unsigned char byte) {
  return is_name_start(byte) || std::isdigit(byte);
}

namespace {

constexpr std::array<std::string_view, 52> kOperators = {"===", "!==", "<=>", "**=", "...", "<<=", ">>=", "?\?=", "?->",
                                                         "==",  "!=",  "<>",  "<=",  ">=",  "&&",  "||",  "++",   "--",
                                                         "+=",  "-=",  "*=",  "/=",  ".=",  "%=",  "&=",  "|=",   "^=",
                                                         "->",  "=>",  "::",  "<<",  ">>",  "?\?", "**",  "#[",   "+",
                                                         "-",   "*",   "/",   ".",   "%",   "&",   "|",   "^",    "!",
                                                         "~",   "?",   ":",   ";",   ",",   "=",   "<"};
constexpr std::string_view kSingles = ">@$()[]{}";

class Lexer {
 public:
  explicit Lexer(std::string_view source) : source_(source) {}

  TokenList run() {
    inline_text();
    while (!error_ && position_ < source_.size() && !halted_) step();
    begin();
    push(TokenKind::end, "");
    return {std::move(tokens_), std::move(error_)};
  }

 private:
  void fail(std::string message, std::uint32_t line) {
    if (!error_) error_ = SyntaxError{std::move(message), line};
  }

  bool starts(std::string_view text) const { return source_.substr(position_).starts_with(text); }
  unsigned char peek(std::size_t ahead = 0) const {
    return position_ + ahead < source_.size() ? static_cast<unsigned char>(source_[position_ + ahead]) : 0;
  }

  void advance(std::size_t bytes) {
    line_ +=
        static_cast<std::uint32_t>(std::count(source_.begin() + static_cast<std::ptrdiff_t>(position_),
                                              source_.begin() + static_cast<std::ptrdiff_t>(position_ + bytes), '\n'));
    position_ += bytes;
  }

  void begin() {
    token_offset_ = position_;
    token_line_ = line_;
  }

  Token& push(TokenKind kind, std::string text) {
    Token token;
    token.kind = kind;
    token.line = token_line_;
    token.text = std::move(text);
    token.offset = token_offset_;
    token.end_offset = position_;
    tokens_.push_back(std::move(token));
    return tokens_.back();
  }

  // From here to the next opening tag.
  void inline_text() {
    begin();
    std::size_t open = position_;
    for (;; ++open) {
      open = source_.find("<?", open);
      if (open == std::string_view::npos) break;
      if (source_.substr(open).starts_with("<?=")) break;
      const std::string_view rest = source_.substr(open);
      if (lower(rest.substr(0, 5)) == "<?php" &&
          (rest.size() == 5 || std::isspace(static_cast<unsigned char>(rest[5]))))
        break;
    }
    const std::size_t until = std::min(open, source_.size());
    std::string text(source_.substr(position_, until - position_));
    advance(until - position_);
    if (!text.empty()) push(TokenKind::inline_text, std::move(text));
    if (position_ >= source_.size()) return;
    begin();
    if (starts("<?=")) {
      advance(3);
      push(TokenKind::open_echo, "<?=");
      return;
    }
    advance(5);
    if (position_ < source_.size()) advance(starts("\r\n") ? 2 : 1);
  }

  void close_tag() {
    begin();
    advance(2);
    if (starts("\r\n")) {
      advance(2);
    } else if (starts("\n")) {
      advance(1);
    }
    push(TokenKind::operator_, ";");
    if (note_halt()) return;
    inline_text();
  }

  void step() {
    const unsigned char byte = peek();
    if (std::isspace(byte)) return advance(1);
    if (starts("?>")) return close_tag();
    if (byte == '#' && peek(1) != '[') return line_comment();
    if (starts("//")) return line_comment();
    if (starts("/*")) return block_comment();
    begin();
    if (byte == '$' && is_name_start(peek(1))) return variable();
    if (std::isdigit(byte) || (byte == '.' && std::isdigit(peek(1)))) return number();
    if (is_name_start(byte) || (byte == '\\' && is_name_start(peek(1)))) return name();
    if (byte == '\'') return single_quoted();
    if (byte == '"') return double_quoted();
    if (starts("<<<") && heredoc()) return;
    if (byte == '(' && cast()) return;
    punctuation();
  }

  void line_comment() {
    while (position_ < source_.size() && peek() != '\n' && !starts("?>")) advance(1);
  }

  void block_comment() {
    const std::size_t close = source_.find("*/", position_ + 2);
    if (close == std::string_view::npos) {
      fail("Unterminated comment starting line " + std::to_string(line_), line_);
      return;
    }
    advance(close + 2 - position_);
  }

  std::string take_name() {
    const std::size_t from = position_;
    while (is_name_part(peek())) ++position_;
    return std::string(source_.substr(from, position_ - from));
  }

  void variable() {
    ++position_;
    std::string text = take_name();
    push(TokenKind::variable, std::move(text));
  }

  void name() {
    const std::size_t from = position_;
    if (peek() == '\\') ++position_;
    take_name();
    while (peek() == '\\' && is_name_start(peek(1))) {
      ++position_;
      take_name();
    }
    push(TokenKind::name, std::string(source_.substr(from, position_ - from)));
  }

  void number() {
    std::string digits;
    int base = 10;
    const unsigned char mark = static_cast<unsigned char>(std::tolower(peek(1)));
    if (peek() == '0' && (mark == 'x' || mark == 'b' || mark == 'o')) {
      base = mark == 'x' ? 16 : mark == 'b' ? 2 : 8;
      position_ += 2;
    } else if (peek() == '0' && std::isdigit(peek(1))) {
      base = 8;
    }
    bool real = false;
    for (;; ++position_) {
      const unsigned char byte = peek();
      if (byte == '_' && std::isxdigit(peek(1))) continue;
      if (base == 16 ? std::isxdigit(byte) : std::isdigit(byte)) {
        digits.push_back(static_cast<char>(byte));
      } else if (base == 10 && byte == '.' && !real && peek(1) != '.' && !digits.ends_with('e')) {
        real = true;
        digits.push_back('.');
      } else if (base == 10 && (byte == 'e' || byte == 'E') && digits.find('e') == std::string::npos &&
                 exponent_follows()) {
        real = true;
        digits.push_back('e');
        if (!std::isdigit(peek(1))) digits.push_back(static_cast<char>(source_[++position_]));
      } else {
        break;
      }
    }
    if (real) {
      push(TokenKind::real, digits).real = std::strtod(digits.c_str(), nullptr);
      return;
    }
    integer(digits, base);
  }

  bool exponent_follows() const {
    return std::isdigit(peek(1)) || ((peek(1) == '+' || peek(1) == '-') && std::isdigit(peek(2)));
  }

  void integer(const std::string& digits, int base) {
    if (digits.empty()) return fail("syntax error, unexpected invalid number", token_line_);
    std::int64_t value = 0;
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
    if (error == std::errc() && end != digits.data() + digits.size())
      return fail("Invalid numeric literal", token_line_);
    if (error == std::errc()) {
      push(TokenKind::integer, digits).integer = value;
      return;
    }
    double real = 0;
    for (char digit : digits)
      real = real * base +
             (std::isdigit(static_cast<unsigned char>(digit)) ? digit - '0' : std::tolower(digit) - 'a' + 10);
    push(TokenKind::real, digits).real = base == 10 ? std::strtod(digits.c_str(), nullptr) : real;
  }

  void single_quoted() {
    std::string text;
    std::size_t at = position_ + 1;
    for (; at < source_.size() && source_[at] != '\''; ++at) {
      if (source_[at] == '\\' && at + 1 < source_.size() && (source_[at + 1] == '\'' || source_[at + 1] == '\\')) ++at;
      text.push_back(source_[at]);
    }
    if (at >= source_.size()) {
      return fail("syntax error, unexpected string content \"" + text + "\"", token_line_);
    }
    advance(at + 1 - position_);
    push(TokenKind::string, std::move(text)).integer = 1;
  }

  static bool interpolates(std::string_view text) {
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
      if (text[i] == '\\') {
        ++i;
        continue;
      }
      const unsigned char next = static_cast<unsigned char>(text[i + 1]);
      if ((text[i] == '$' && (is_name_start(next) || next == '{')) || (text[i] == '{' && next == '$')) return true;
    }
    return false;
  }

  void quoted(std::string_view raw, bool in_heredoc) {
    if (interpolates(raw)) {
      push(in_heredoc ? TokenKind::heredoc : TokenKind::template_, std::string(raw));
      return;
    }
    auto text = unescape(raw, in_heredoc, token_line_);
    if (!text) return fail(text.error().message, text.error().line);
    push(TokenKind::string, std::move(*text));
  }

  void double_quoted() {
    std::size_t at = position_ + 1;
    while (at < source_.size() && source_[at] != '"') {
      // Code in braces may contain quotes of its own.
      const bool code = source_.substr(at).starts_with("{$");
      at = code ? closing_brace(source_, at) : at + (source_[at] == '\\' ? 2 : 1);
    }
    if (at >= source_.size()) {
      advance(source_.size() - position_);
      const bool plain = !interpolates(source_.substr(token_offset_ + 1));
      return fail(std::string("syntax error, unexpected end of file") +
                      (plain ? ", expecting variable or \"${\" or \"{$\"" : ""),
                  line_);
    }
    const std::string_view raw = source_.substr(position_ + 1, at - position_ - 1);
    advance(at + 1 - position_);
    quoted(raw, false);
  }

  bool heredoc();
  void heredoc_body(std::string_view label, bool raw_text);

  bool cast() {
    // The longest cast, with some blanks, is not longer.
    const std::size_t length = source_.substr(position_, 26).find(')');
    if (length == std::string_view::npos) return false;
    const std::size_t close = position_ + length;
    const std::string type = lower(trim(source_.substr(position_ + 1, close - position_ - 1), " \t"));
    static constexpr std::array<std::string_view, 12> kTypes = {
        "int", "integer", "float", "double", "string", "binary", "bool", "boolean", "array", "object", "unset", "real"};
    if (std::find(kTypes.begin(), kTypes.end(), type) == kTypes.end()) return false;
    advance(close + 1 - position_);
    push(TokenKind::operator_, "(" + type + ")");
    return true;
  }

  void punctuation() {
    for (std::string_view candidate : kOperators) {
      if (!starts(candidate)) continue;
      position_ += candidate.size();
      push(TokenKind::operator_, std::string(candidate));
      note_halt();
      return;
    }
    if (kSingles.find(static_cast<char>(peek())) != std::string_view::npos || peek() == '\\') {
      const char single = static_cast<char>(peek());
      ++position_;
      push(TokenKind::operator_, std::string(1, single));
      return;
    }
    const unsigned char byte = peek();
    if (byte == '`') return fail("syntax error, unexpected token \"`\"", line_);
    static constexpr char kHex[] = "0123456789ABCDEF";
    fail(std::string("syntax error, unexpected character 0x") + kHex[byte >> 4] + kHex[byte & 15], line_);
  }

  // After `__halt_compiler ( ) ;` the rest of the file is data.
  bool note_halt() {
    const std::size_t count = tokens_.size();
    if (count < 4 || tokens_[count - 1].text != ";" || tokens_[count - 2].text != ")" || tokens_[count - 3].text != "(")
      return false;
    const Token& keyword = tokens_[count - 4];
    halted_ = keyword.kind == TokenKind::name && lower(keyword.text) == "__halt_compiler";
    return halted_;
  }

  std::string_view source_;
  std::size_t position_ = 0;
  std::uint32_t line_ = 1;
  std::size_t token_offset_ = 0;
  std::uint32_t token_line_ = 1;
  std::vector<Token> tokens_;
  std::optional<SyntaxError> error_;
  bool halted_ = false;
};

// True if a heredoc or nowdoc begins here (it may have failed).
bool Lexer::heredoc() {
  std::size_t at = position_ + 3;
  while (at < source_.size() && (source_[at] == ' ' || source_[at] == '\t')) ++at;
  const char quote = at < source_.size() && (source_[at] == '\'' || source_[at] == '"') ? source_[at++] : '\0';
  const std::size_t label_at = at;
  while (at < source_.size() && is_name_part(static_cast<unsigned char>(source_[at]))) ++at;
  const std::string_view label = source_.substr(label_at, at - label_at);
  if (label.empty() || !is_name_start(static_cast<unsigned char>(label[0]))) return false;
  if (quote != '\0' && (at >= source_.size() || source_[at++] != quote)) return false;
  if (at < source_.size() && source_[at] == '\r') ++at;
  if (at >= source_.size() || source_[at] != '\n') return false;
  advance(at + 1 - position_);
  heredoc_body(label, quote == '\'');
  return true;
}

void Lexer::heredoc_body(std::string_view label, bool raw_text) {
  std::vector<std::string_view> lines;
  while (position_ < source_.size()) {
    const std::size_t line_end = std::min(source_.find('\n', position_), source_.size());
    const std::string_view line = source_.substr(position_, line_end - position_);
    const std::size_t indent = std::min(line.find_first_not_of(" \t"), line.size());
    const std::string_view rest = line.substr(indent);
    if (rest.starts_with(label) &&
        (rest.size() == label.size() || !is_name_part(static_cast<unsigned char>(rest[label.size()])))) {
      std::string text;
      for (std::string_view each : lines) {
        const std::size_t blank = std::min(each.find_first_not_of(" \t"), each.size());
        if (blank < indent && blank < each.size()) {
          return fail("Invalid body indentation level (expecting an indentation level of at least " +
                          std::to_string(indent) + ")",
                      token_line_ + 1);
        }
        if (!text.empty() || each.data() != lines.front().data()) text += '\n';
        text += each.substr(std::min(indent, each.size()));
      }
      if (text.ends_with('\r')) text.pop_back();
      advance(indent + label.size());
      if (raw_text) {
        push(TokenKind::string, std::move(text));
      } else {
        quoted(text, true);
      }
      return;
    }
    lines.push_back(line);
    advance(std::min(line_end + 1, source_.size()) - position_);
  }
  fail("syntax error, unexpected end of file", line_);
}

}  // namespace

TokenList tokenize(std::string_view source) {
  return Lexer(source).run();
}

}  // namespace assay::reference::php
