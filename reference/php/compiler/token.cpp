#include "reference/php/compiler/lexer.h"
#include "reference/php/compiler/text.h"

namespace assay::reference::php {

std::string describe(const Token& token) {
  switch (token.kind) {
    case TokenKind::end:
      return "end of file";
    case TokenKind::variable:
      return "variable \"$" + token.text + "\"";
    case TokenKind::integer:
      return "integer \"" + token.text + "\"";
    case TokenKind::real:
      return "floating-point number \"" + token.text + "\"";
    case TokenKind::string:
      return (token.integer == 1 ? "single-quoted string \"" : "double-quoted string \"") + token.text + "\"";
    case TokenKind::template_:
    case TokenKind::heredoc:
      return "token \"\"\"";
    case TokenKind::name:
      if (is_keyword(token.text)) return "token \"" + token.text + "\"";
      if (token.text.find('\\') != std::string::npos) {
        return (token.text[0] == '\\' ? "fully qualified name \"" : "qualified name \"") + token.text + "\"";
      }
      return "identifier \"" + token.text + "\"";
    case TokenKind::inline_text:
      return "inline html \"" + token.text + "\"";
    case TokenKind::open_echo:
    case TokenKind::operator_:
      break;
  }
  return "token \"" + token.text + "\"";
}

std::size_t closing_brace(std::string_view text, std::size_t open) {
  int depth = 0;
  char quote = '\0';
  for (std::size_t i = open; i < text.size(); ++i) {
    const char byte = text[i];
    if (quote != '\0') {
      if (byte == '\\') ++i;
      if (byte == quote) quote = '\0';
    } else if (byte == '\'' || byte == '"') {
      quote = byte;
    } else if (byte == '{') {
      ++depth;
    } else if (byte == '}' && --depth == 0) {
      return i + 1;
    }
  }
  return std::string_view::npos;
}

}  // namespace assay::reference::php
