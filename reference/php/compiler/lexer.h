#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

namespace assay::reference::php {

enum class TokenKind : std::uint8_t {
  end,
  inline_text,  // text outside <?php ... ?>, after the newline that a closing tag swallows
  open_echo,    // <?=
  variable,     // text: the name without $
  name,         // identifier, keyword, or qualified name; text as written
  integer,
  real,
  string,     // without interpolation; text: the bytes meant
  template_,  // with interpolation; text: the bytes between the quotes, escapes not yet replaced
  heredoc,    // like template_; quotes need no escape in it
  operator_,  // text: punctuation, or a cast such as "(int)"
};

struct Token {
  TokenKind kind = TokenKind::end;
  std::uint32_t line = 1;
  std::string text;
  std::size_t offset = 0;      // of the first byte in the source
  std::size_t end_offset = 0;  // one past the last
  std::int64_t integer = 0;    // of a kInteger; of a kString 1 when single-quoted
  double real = 0;
};

struct SyntaxError {
  std::string message;
  std::uint32_t line = 1;
};

// The tokens of the source, ended by one kEnd. A closing tag becomes the operator ";". Stops after the ";" or closing
// tag of __halt_compiler(), whose end_offset is then where the data begin, and at a lexical error: `error` then holds
// for who reads as far as the kEnd, so that a syntax error before it is reported first.
struct TokenList {
  std::vector<Token> tokens;
  std::optional<SyntaxError> error;
};
TokenList tokenize(std::string_view source);

// Replaces the escapes of a double-quoted string; heredoc: \" is no escape.
tl::expected<std::string, SyntaxError> unescape(std::string_view text, bool heredoc, std::uint32_t line);

// One past the brace that closes the one at `open`; npos when there is none. Quotes inside hide braces.
std::size_t closing_brace(std::string_view text, std::size_t open);

bool is_name_start(unsigned char byte);
bool is_name_part(unsigned char byte);

// How PHP's syntax errors name the token: `token ";"`, `variable "$x"`, `end of file`, ...
std::string describe(const Token& token);

}  // namespace assay::reference::php
