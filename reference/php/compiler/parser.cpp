#include "reference/php/compiler/parser.h"

#include "reference/php/compiler/text.h"

namespace assay::reference::php {

Parser::Nesting::Nesting(Parser& parser) : parser_(parser) {
  constexpr int kMostLevels = 1000;
  if (++parser_.depth_ > kMostLevels) {
    throw CompileFailure{Severity::fatal, "Maximum nesting level of the script subset reached", parser_.peek().line};
  }
}

Parser::Parser(TokenList tokens, std::string_view path, GraphBuilder& builder, std::vector<Diagnostic>& warnings,
               bool completes_classes)
    : list_(std::move(tokens)),
      tokens_(list_.tokens),
      path_(path),
      build_(builder),
      warnings_(warnings),
      completes_classes_(completes_classes) {
  check_brackets();
}

const Script* Parser::parse() {
  std::vector<const Node*> statements;
  while (peek().kind != TokenKind::end) {
    statements.push_back(statement(true));
    if (statements.back()->kind == NodeKind::halt) break;
  }
  if (halt_offset_ < 0 && list_.error) unexpected();
  auto* script = build_.make<Script>();
  script->path = build_.string(path_);
  script->directory = build_.string(directory_of(path_));
  script->body = build_.node_of(NodeKind::block, 1, statements);
  script->functions = build_.list(functions_);
  script->classes = build_.list(classes_);
  std::vector<CompileWarning> recorded;
  for (const Diagnostic& warning : warnings_) {
    recorded.push_back({build_.string(warning.message), static_cast<std::uint32_t>(warning.severity), warning.line});
  }
  script->warnings = build_.list(recorded);
  script->halt_offset = halt_offset_;
  return script;
}

const Token& Parser::peek(std::size_t ahead) const {
  return tokens_[std::min(position_ + ahead, tokens_.size() - 1)];
}

bool Parser::at_operator(std::string_view text, std::size_t ahead) const {
  const Token& token = peek(ahead);
  return token.kind == TokenKind::operator_ && token.text == text;
}

bool Parser::at_word(std::string_view word, std::size_t ahead) const {
  const Token& token = peek(ahead);
  return token.kind == TokenKind::name && token.text.size() == word.size() && equal_ignoring_case(token.text, word);
}

bool Parser::take_operator(std::string_view text) {
  if (!at_operator(text)) return false;
  take();
  return true;
}

bool Parser::take_word(std::string_view word) {
  if (!at_word(word)) return false;
  take();
  return true;
}

void Parser::expect(std::string_view text, std::string_view expecting) {
  if (!take_operator(text)) unexpected(expecting);
}

std::string Parser::expect_identifier(std::string_view expecting) {
  if (peek().kind != TokenKind::name || peek().text.find('\\') != std::string::npos || is_keyword(peek().text)) {
    unexpected(expecting);
  }
  return take().text;
}

void Parser::unexpected(std::string_view expecting) const {
  if (bracket_error_at_ && position_ >= *bracket_error_at_) {
    throw CompileFailure{Severity::parse, bracket_error_.message, bracket_error_.line};
  }
  if (peek().kind == TokenKind::end && list_.error) {
    throw CompileFailure{Severity::parse, list_.error->message, list_.error->line};
  }
  std::string message = "syntax error, unexpected " + describe(peek());
  if (!expecting.empty()) message += ", expecting " + std::string(expecting);
  throw CompileFailure{Severity::parse, std::move(message), peek().line};
}

void Parser::fatal(std::string message, std::uint32_t line) const {
  throw CompileFailure{Severity::fatal, std::move(message), line};
}

void Parser::warn(Severity severity, std::string message, std::uint32_t line) {
  warnings_.push_back({severity, std::move(message), path_, line});
}

namespace {

struct Bracket {
  char open;
  std::uint32_t line;
};

std::string unclosed(const Bracket& bracket, std::uint32_t line) {
  std::string message = std::string("Unclosed '") + bracket.open + "'";
  return bracket.line == line ? message : message + " on line " + std::to_string(bracket.line);
}

}  // namespace

// PHP reports an unbalanced bracket in place of the syntax error that it causes: note where that begins.
void Parser::check_brackets() {
  std::vector<Bracket> open;
  auto note = [&](std::size_t index, std::string message, std::uint32_t line) {
    bracket_error_at_ = index;
    bracket_error_ = {std::move(message), line};
  };
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    const Token& token = tokens_[i];
    if (token.kind == TokenKind::end && !open.empty() && !list_.error) {
      return note(i, unclosed(open.back(), token.line), token.line);
    }
    if (token.kind != TokenKind::operator_ || token.text.empty()) continue;
    if (token.text == "#[" || token.text == "(" || token.text == "[" || token.text == "{") {
      open.push_back({token.text.back(), token.line});
    } else if (token.text == ")" || token.text == "]" || token.text == "}") {
      const char close = token.text[0];
      if (open.empty()) return note(i, std::string("Unmatched '") + close + "'", token.line);
      const char wanted = open.back().open == '(' ? ')' : open.back().open == '[' ? ']' : '}';
      if (wanted != close)
        return note(i, unclosed(open.back(), token.line) + " does not match '" + close + "'", token.line);
      open.pop_back();
    }
  }
}

std::string Parser::resolve_class(std::string_view name) const {
  if (name.starts_with('\\')) return std::string(name.substr(1));
  const std::string whole = lower(name);
  if (whole == "self" || whole == "parent" || whole == "static") return whole;
  const std::size_t slash = name.find('\\');
  const std::string first = lower(name.substr(0, slash));
  if (slash != std::string_view::npos && first == "namespace") return declared_name(name.substr(slash + 1));
  if (auto import = class_imports_.find(first); import != class_imports_.end()) {
    return slash == std::string_view::npos ? import->second : import->second + std::string(name.substr(slash));
  }
  return declared_name(name);
}

std::string Parser::declared_name(std::string_view name) const {
  return namespace_.empty() ? std::string(name) : namespace_ + "\\" + std::string(name);
}

namespace {

tl::unexpected<Diagnostic> failure(const CompileFailure& failed, std::string_view path) {
  return tl::unexpected(Diagnostic{failed.severity, failed.message, std::string(path), failed.line});
}

tl::expected<Compilation, Diagnostic> compile_subset(std::string_view source, std::string_view path, Arena& arena,
                                                     bool completes_classes) {
  GraphBuilder builder(arena);
  Compilation result;
  try {
    Parser parser(tokenize(source), path, builder, result.warnings, completes_classes);
    result.script = parser.parse();
  } catch (const CompileFailure& failed) {
    return failure(failed, path);
  }
  return result;
}

}  // namespace

tl::expected<Compilation, Diagnostic> SubsetCompiler::compile(std::string_view source, std::string_view path,
                                                              Arena& arena) const {
  return compile_subset(source, path, arena, true);
}

tl::expected<Compilation, Diagnostic> SubsetCompiler::compile_to_store(std::string_view source, std::string_view path,
                                                                       Arena& arena) const {
  return compile_subset(source, path, arena, false);
}

}  // namespace assay::reference::php
