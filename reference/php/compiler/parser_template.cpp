#include <cctype>

#include "reference/php/compiler/parser.h"
#include "reference/php/compiler/text.h"

// Strings with interpolation.
namespace assay::reference::php {

namespace {

std::string name_at(std::string_view text, std::size_t& at) {
  const std::size_t from = at;
  while (at < text.size() && is_name_part(static_cast<unsigned char>(text[at]))) ++at;
  return std::string(text.substr(from, at - from));
}

bool name_starts_at(std::string_view text, std::size_t at) {
  return at < text.size() && is_name_start(static_cast<unsigned char>(text[at]));
}

}  // namespace

const Node* Parser::interpolate(const Token& token) {
  const std::string text = token.text;
  const bool heredoc = token.kind == TokenKind::heredoc;
  const std::uint32_t line = token.line;
  std::vector<const Node*> parts;
  std::size_t plain_from = 0;
  std::size_t at = 0;
  auto flush = [&](std::size_t until) {
    if (until <= plain_from) return;
    auto plain = unescape(std::string_view(text).substr(plain_from, until - plain_from), heredoc, line);
    if (!plain) throw CompileFailure{Severity::parse, plain.error().message, plain.error().line};
    parts.push_back(build_.literal_string(line, *plain));
  };
  while (at < text.size()) {
    if (text[at] == '\\') {
      at += 2;
      continue;
    }
    const bool braces = text[at] == '{' && at + 1 < text.size() && text[at + 1] == '$';
    const bool dollar_braces = text[at] == '$' && at + 1 < text.size() && text[at + 1] == '{';
    if (braces || dollar_braces) {
      const std::size_t open = braces ? at : at + 1;
      const std::size_t close = closing_brace(text, open);
      if (close == std::string_view::npos) {
        throw CompileFailure{
            Severity::parse,
            "syntax error, unexpected double-quote mark, expecting \"->\" or \"?->\" or \"{\" or \"[\"", line};
      }
      flush(at);
      const std::string_view code = std::string_view(text).substr(open + 1, close - open - 2);
      if (braces) {
        parts.push_back(embedded_expression(code, line));
      } else {
        warn(Severity::deprecated,
             name_starts_at(code, 0)
                 ? "Using ${var} in strings is deprecated, use {$var} instead"
                 : "Using ${expr} (variable variables) in strings is deprecated, use {${expr}} instead",
             line);
        parts.push_back(embedded_expression("$" + std::string(code), line));
      }
      at = plain_from = close;
    } else if (text[at] == '$' && name_starts_at(text, at + 1)) {
      flush(at);
      ++at;
      parts.push_back(interpolated_variable(text, at, line));
      plain_from = at;
    } else {
      ++at;
    }
  }
  flush(text.size());
  return build_.node_of(NodeKind::interpolated, line, parts);
}

// `$name`, `$name[key]` or `$name->property` in a string, with `at` behind the $.
const Node* Parser::interpolated_variable(std::string_view text, std::size_t& at, std::uint32_t line) {
  const Node* base = variable(name_at(text, at), line);
  if (text.substr(at).starts_with("->") && name_starts_at(text, at + 2)) {
    at += 2;
    return build_.node(NodeKind::property, line, {base, build_.literal_string(line, name_at(text, at))});
  }
  if (at >= text.size() || text[at] != '[') return base;
  std::size_t cursor = at + 1;
  const Node* key = nullptr;
  if (cursor < text.size() && text[cursor] == '$' && name_starts_at(text, cursor + 1)) {
    ++cursor;
    key = variable(name_at(text, cursor), line);
  } else if (name_starts_at(text, cursor)) {
    key = build_.literal_string(line, name_at(text, cursor));
  } else {
    const std::size_t from = cursor;
    if (cursor < text.size() && text[cursor] == '-') ++cursor;
    while (cursor < text.size() && std::isdigit(static_cast<unsigned char>(text[cursor]))) ++cursor;
    if (cursor == from || text[cursor - 1] == '-') cursor = text.size();
    key = build_.literal_string(line, text.substr(from, cursor - from));
  }
  if (cursor >= text.size() || text[cursor] != ']') {
    throw CompileFailure{
        Severity::parse,
        "syntax error, unexpected string content \"\", expecting \"-\" or identifier or variable or number", line};
  }
  at = cursor + 1;
  return build_.node(NodeKind::index, line, {base, key});
}

// The code between the braces, parsed as an expression of this file.
const Node* Parser::embedded_expression(std::string_view code, std::uint32_t line) {
  // Each level reads its text again: fewer levels are allowed than of brackets.
  const Nesting levels[] = {Nesting(*this), Nesting(*this), Nesting(*this), Nesting(*this), Nesting(*this)};
  TokenList inner = tokenize("<?php " + std::string(code));
  for (Token& token : inner.tokens) token.line += line - 1;
  TokenList outer = std::move(list_);
  const std::size_t outer_position = position_;
  const auto outer_brackets = bracket_error_at_;
  list_ = std::move(inner);
  position_ = 0;
  bracket_error_at_.reset();
  const Node* made = expression();
  if (peek().kind != TokenKind::end) unexpected();
  list_ = std::move(outer);
  position_ = outer_position;
  bracket_error_at_ = outer_brackets;
  return made;
}

}  // namespace assay::reference::php
