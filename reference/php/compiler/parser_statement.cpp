#include <algorithm>
#include <array>

#include "reference/php/compiler/parser.h"
#include "reference/php/compiler/text.h"

namespace assay::reference::php {

const Node* Parser::statement(bool top_level) {
  Nesting nesting(*this);
  const Token& token = peek();
  const std::uint32_t line = token.line;
  if (token.kind == TokenKind::inline_text) {
    return build_.node(NodeKind::echo, line, {build_.literal_string(line, take().text)});
  }
  if (token.kind == TokenKind::open_echo) {
    take();
    return echo(line);
  }
  if (at_operator("{")) return block();
  if (take_operator(";")) return build_.node(NodeKind::block, line);
  if (at_operator("#[")) {
    // Attributes stand before a declaration or a closure.
    const auto list = attributes();
    if (at_word("function") && peek(1).kind == TokenKind::name) return function_statement(top_level, list);
    if (!at_word("fn") && !at_word("function") && !at_word("static")) {
      const std::uint64_t flags = modifiers();
      const ClassKind kind = at_word("interface") ? ClassKind::interface
                             : at_word("trait")   ? ClassKind::trait
                             : at_word("enum")    ? ClassKind::enum_
                                                  : ClassKind::class_;
      if (kind == ClassKind::class_ && !at_word("class")) unexpected();
      return class_statement(kind, flags, top_level, list);
    }
    check_attributes(list, "function", line);
  }
  if (token.kind == TokenKind::name && !at_operator("::", 1)) {
    if (const Node* made = keyword_statement(lower(token.text), top_level)) return made;
  }
  const Node* made = build_.node(NodeKind::expression, line, {expression()});
  end_statement();
  return made;
}

const Node* Parser::keyword_statement(const std::string& word, bool top_level) {
  const std::uint32_t line = peek().line;
  auto after = [&](auto rest) {
    take();
    return (this->*rest)(line);
  };
  if (word == "echo") return after(&Parser::echo);
  if (word == "if") return after(&Parser::if_statement);
  if (word == "while") return after(&Parser::while_statement);
  if (word == "do") return after(&Parser::do_statement);
  if (word == "for") return after(&Parser::for_statement);
  if (word == "foreach") return after(&Parser::foreach_statement);
  if (word == "switch") return after(&Parser::switch_statement);
  if (word == "try") return after(&Parser::try_statement);
  if (word == "global") return after(&Parser::global_statement);
  if (word == "unset") return after(&Parser::unset_statement);
  if (word == "__halt_compiler") return after(&Parser::halt_statement);
  if (word == "static" && peek(1).kind == TokenKind::variable) return after(&Parser::static_statement);
  if (word == "const") {
    if (!top_level) unexpected();
    return after(&Parser::const_statement);
  }
  if (word == "break" || word == "continue") {
    take();
    return jump(word == "break" ? NodeKind::break_ : NodeKind::continue_, line);
  }
  if (word == "return") {
    take();
    const bool bare = at_operator(";") || peek().kind == TokenKind::end;
    const Node* value = bare ? nullptr : expression();
    const Node* made = build_.node(NodeKind::return_, line, {value});
    end_statement("\";\"");
    return made;
  }
  if (word == "declare") return declare_statement();
  if (word == "namespace" && !at_operator("\\", 1)) return namespace_statement();
  if (word == "use") return use_statement();
  if (word == "function" &&
      (peek(1).kind == TokenKind::name || (at_operator("&", 1) && peek(2).kind == TokenKind::name))) {
    return function_statement(top_level, {});
  }
  if (word == "abstract" || word == "final" || (word == "readonly" && peek(1).kind == TokenKind::name)) {
    const std::uint64_t flags = modifiers();
    if (!at_word("class")) unexpected();
    return class_statement(ClassKind::class_, flags, top_level, {});
  }
  if (word == "class") return class_statement(ClassKind::class_, 0, top_level, {});
  if (word == "interface") return class_statement(ClassKind::interface, 0, top_level, {});
  if (word == "trait") return class_statement(ClassKind::trait, 0, top_level, {});
  if (word == "enum" && peek(1).kind == TokenKind::name && !at_word("extends", 1) && !at_word("implements", 1)) {
    return class_statement(ClassKind::enum_, 0, top_level, {});
  }
  if (word == "goto" || word == "yield") {
    fatal("'" + word + "' is not part of the script subset", line);
  }
  return nullptr;
}

void Parser::end_statement(std::string_view expecting) {
  if (peek().kind == TokenKind::inline_text) return;
  expect(";", expecting);
}

const Node* Parser::block() {
  const std::uint32_t line = peek().line;
  expect("{", "\"{\"");
  std::vector<const Node*> statements;
  while (!at_operator("}")) {
    if (peek().kind == TokenKind::end) unexpected();
    statements.push_back(statement(false));
  }
  take();
  return build_.node_of(NodeKind::block, line, statements);
}

const Node* Parser::statements_until(const std::vector<std::string_view>& words) {
  const std::uint32_t line = peek().line;
  std::vector<const Node*> statements;
  for (;;) {
    if (peek().kind == TokenKind::end) unexpected();
    if (std::any_of(words.begin(), words.end(), [&](std::string_view word) { return at_word(word); })) break;
    statements.push_back(statement(false));
  }
  return build_.node_of(NodeKind::block, line, statements);
}

// A statement, or the colon form up to its end word.
const Node* Parser::body(std::string_view end_word) {
  if (!take_operator(":")) return statement(false);
  const Node* made = statements_until({end_word});
  take();
  end_statement();
  return made;
}

const Node* Parser::loop_body(std::string_view end_word) {
  scope_.breakables.push_back(false);
  const Node* made = body(end_word);
  scope_.breakables.pop_back();
  return made;
}

const Node* Parser::echo(std::uint32_t line) {
  std::vector<const Node*> parts;
  do {
    parts.push_back(expression());
  } while (take_operator(","));
  const Node* made = build_.node_of(NodeKind::echo, line, parts);
  end_statement("\",\" or \";\"");
  return made;
}

const Node* Parser::if_statement(std::uint32_t line) {
  expect("(", "\"(\"");
  const Node* condition = expression();
  expect(")");
  const bool colon = take_operator(":");
  const Node* then = colon ? statements_until({"elseif", "else", "endif"}) : statement(false);
  const Node* otherwise = nullptr;
  const std::uint32_t else_line = peek().line;
  if (take_word("elseif")) return build_.node(NodeKind::if_, line, {condition, then, if_statement(else_line)});
  if (at_word("else") && at_word("if", 1) && !colon) {
    Nesting nesting(*this);
    take();
    take();
    return build_.node(NodeKind::if_, line, {condition, then, if_statement(else_line)});
  }
  if (take_word("else")) {
    if (colon) expect(":", "\":\"");
    otherwise = colon ? statements_until({"endif"}) : statement(false);
  }
  if (colon) {
    take();
    end_statement();
  }
  return build_.node(NodeKind::if_, line, {condition, then, otherwise});
}

const Node* Parser::while_statement(std::uint32_t line) {
  expect("(", "\"(\"");
  const Node* condition = expression();
  expect(")");
  return build_.node(NodeKind::while_, line, {condition, loop_body("endwhile")});
}

const Node* Parser::do_statement(std::uint32_t line) {
  scope_.breakables.push_back(false);
  const Node* inner = statement(false);
  scope_.breakables.pop_back();
  if (!take_word("while")) unexpected("\"while\"");
  expect("(", "\"(\"");
  const Node* condition = expression();
  expect(")");
  end_statement();
  return build_.node(NodeKind::do_while, line, {inner, condition});
}

const Node* Parser::expression_list_block(std::string_view end) {
  const std::uint32_t line = peek().line;
  std::vector<const Node*> list;
  while (!at_operator(end)) {
    list.push_back(expression());
    if (!take_operator(",")) break;
  }
  expect(end);
  return build_.node_of(NodeKind::block, line, list);
}

const Node* Parser::for_statement(std::uint32_t line) {
  expect("(", "\"(\"");
  const Node* start = expression_list_block(";");
  const Node* conditions = expression_list_block(";");
  const Node* steps = expression_list_block(")");
  return build_.node(NodeKind::for_, line, {start, conditions, steps, loop_body("endfor")});
}

const Node* Parser::foreach_statement(std::uint32_t line) {
  expect("(", "\"(\"");
  const Node* subject = expression();
  if (!take_word("as")) unexpected();
  bool by_reference = take_operator("&");
  const Node* key = nullptr;
  const Node* target = expression();
  if (take_operator("=>")) {
    if (by_reference) fatal("Key element cannot be a reference", line);
    key = target;
    by_reference = take_operator("&");
    target = expression();
  }
  if (target->kind != NodeKind::array_literal && target->kind != NodeKind::literal) check_writable(target);
  if (target->kind == NodeKind::literal) fatal("Cannot use empty list", line);
  expect(")");
  return build_.node(NodeKind::foreach, line, {subject, key, target, loop_body("endforeach")}, by_reference ? 1 : 0);
}

const Node* Parser::switch_statement(std::uint32_t line) {
  expect("(", "\"(\"");
  std::vector<const Node*> children = {expression()};
  expect(")");
  const bool colon = take_operator(":");
  if (!colon) expect("{", "\"{\"");
  scope_.breakables.push_back(true);
  auto at_end = [&] { return colon ? at_word("endswitch") : at_operator("}"); };
  while (!at_end()) {
    const std::uint32_t case_line = peek().line;
    std::vector<const Node*> parts = {nullptr};
    if (take_word("case")) {
      parts[0] = expression();
    } else if (!take_word("default")) {
      unexpected();
    }
    if (!take_operator(":") && !take_operator(";")) unexpected();
    while (!at_word("case") && !at_word("default") && !at_end()) {
      if (peek().kind == TokenKind::end) unexpected();
      parts.push_back(statement(false));
    }
    children.push_back(build_.node_of(NodeKind::case_, case_line, parts));
  }
  take();
  if (colon) end_statement();
  scope_.breakables.pop_back();
  return build_.node_of(NodeKind::switch_, line, children);
}

const Node* Parser::jump(NodeKind kind, std::uint32_t line) {
  const std::string word = kind == NodeKind::break_ ? "break" : "continue";
  std::int64_t levels = 1;
  if (peek().kind == TokenKind::integer) levels = take().integer;
  const auto depth = static_cast<std::int64_t>(scope_.breakables.size());
  if (levels < 1) fatal("'" + word + "' operator accepts only positive integers", line);
  if (depth == 0) fatal("'" + word + "' not in the 'loop' or 'switch' context", line);
  if (levels > depth) {
    fatal("Cannot '" + word + "' " + std::to_string(levels) + " level" + (levels == 1 ? "" : "s"), line);
  }
  if (kind == NodeKind::continue_ && scope_.breakables[static_cast<std::size_t>(depth - levels)]) {
    const std::string number = levels == 1 ? "" : " " + std::to_string(levels);
    std::string message = "\"continue" + number + "\" targeting switch is equivalent to \"break" + number + "\"";
    if (depth > levels) message += ". Did you mean to use \"continue " + std::to_string(levels + 1) + "\"?";
    warn(Severity::warning, message, line);
  }
  Node* made = build_.node(kind, line);
  made->constant = build_.literal_int(line, levels)->constant;
  end_statement();
  return made;
}

const Node* Parser::try_statement(std::uint32_t line) {
  std::vector<const Node*> children = {block(), nullptr};
  while (at_word("catch")) {
    const std::uint32_t catch_line = take().line;
    expect("(", "\"(\"");
    std::vector<const Node*> parts = {nullptr};
    do {
      if (peek().kind != TokenKind::name) unexpected();
      parts.push_back(build_.named(NodeKind::class_name, peek().line, resolve_class(take().text)));
    } while (take_operator("|"));
    const StringData* name = peek().kind == TokenKind::variable ? build_.string(take().text) : nullptr;
    expect(")");
    parts[0] = block();
    Node* made = build_.node_of(NodeKind::catch_, catch_line, parts);
    made->text = name;
    children.push_back(made);
  }
  if (take_word("finally")) children[1] = block();
  if (children.size() == 2 && children[1] == nullptr) fatal("Cannot use try without catch or finally", line);
  return build_.node_of(NodeKind::try_, line, children);
}

const Node* Parser::global_statement(std::uint32_t line) {
  std::vector<const Node*> names;
  do {
    if (peek().kind != TokenKind::variable) unexpected("variable or \"$\"");
    names.push_back(build_.named(NodeKind::variable, line, take().text));
  } while (take_operator(","));
  end_statement("\",\" or \";\"");
  return build_.node_of(NodeKind::global, line, names);
}

const Node* Parser::static_statement(std::uint32_t line) {
  std::vector<const Node*> list;
  do {
    if (peek().kind != TokenKind::variable) unexpected("variable");
    const std::string name = take().text;
    const Node* initial = take_operator("=") ? constant_expression() : nullptr;
    list.push_back(build_.named(NodeKind::static_variable, line, name, {initial}));
  } while (take_operator(","));
  end_statement("\",\" or \";\"");
  return list.size() == 1 ? list[0] : build_.node_of(NodeKind::block, line, list);
}

const Node* Parser::unset_statement(std::uint32_t line) {
  expect("(", "\"(\"");
  std::vector<const Node*> targets;
  while (!at_operator(")")) {
    if (peek().kind != TokenKind::variable && peek().kind != TokenKind::name && !at_operator("$") &&
        !at_operator("(")) {
      unexpected();
    }
    targets.push_back(expression());
    check_writable(targets.back());
    if (!take_operator(",")) break;
  }
  expect(")", "\",\" or \")\"");
  end_statement();
  return build_.node_of(NodeKind::unset, line, targets);
}

}  // namespace assay::reference::php
