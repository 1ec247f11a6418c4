#include <algorithm>
#include <array>

#include "reference/php/compiler/parser.h"
#include "reference/php/compiler/text.h"

namespace assay::reference::php {

const Node* Parser::primary() {
  Nesting nesting(*this);
  const Token& token = peek();
  const std::uint32_t line = token.line;
  switch (token.kind) {
    case TokenKind::variable:
      return variable(take().text, line);
    case TokenKind::integer:
      return build_.literal_int(line, take().integer);
    case TokenKind::real:
      return build_.literal_float(line, take().real);
    case TokenKind::string:
      return build_.literal_string(line, take().text);
    case TokenKind::template_:
    case TokenKind::heredoc:
      return interpolate(take());
    case TokenKind::name:
      return word_primary();
    case TokenKind::operator_:
      break;
    default:
      unexpected();
  }
  if (take_operator("(")) {
    const Node* inner = expression();
    expect(")");
    return inner;
  }
  if (take_operator("[")) return array_literal("]");
  if (at_operator("#[")) {
    check_attributes(attributes(), "function", peek().line);
    return primary();
  }
  if (take_operator("$")) {
    if (take_operator("{")) {
      const Node* name = expression();
      expect("}");
      return build_.node(NodeKind::variable_variable, line, {name});
    }
    if (peek().kind != TokenKind::variable && !at_operator("$")) unexpected("variable or \"{\" or \"$\"");
    return build_.node(NodeKind::variable_variable, line, {primary()});
  }
  unexpected();
}

const Node* Parser::variable(const std::string& name, std::uint32_t line) {
  return build_.named(NodeKind::variable, line, name);
}

const Node* Parser::word_primary() {
  const std::uint32_t line = peek().line;
  const std::string word = lower(peek().text);
  if (at_operator("::", 1)) return class_reference(take().text, line);
  if (word == "array" && at_operator("(", 1)) {
    take();
    take();
    return array_literal(")");
  }
  if (word == "list" && at_operator("(", 1)) {
    take();
    take();
    const Node* pattern = array_literal(")");
    if (pattern->kind == NodeKind::literal) fatal("Cannot use empty list", line);
    if (!at_operator("=") && !at_word("as") && !at_operator(")") && !at_operator("]") && !at_operator(",")) {
      unexpected("\"=\"");
    }
    return pattern;
  }
  if (word == "new") return new_expression();
  if (word == "isset") return isset_expression();
  if (word == "empty") {
    take();
    expect("(", "\"(\"");
    const Node* inner = expression();
    expect(")", "\")\"");
    return build_.node(NodeKind::empty, line, {inner});
  }
  if (word == "function") return closure(false);
  if (word == "fn") return arrow_function();
  if (word == "static" && (at_word("function", 1) || at_word("fn", 1))) {
    take();
    return at_word("fn") ? arrow_function() : closure(true);
  }
  if (word == "match" && at_operator("(", 1)) return match_expression();
  if (word == "exit" || word == "die") {
    take();
    const Node* status = nullptr;
    if (take_operator("(")) {
      if (!at_operator(")")) status = expression();
      expect(")");
    }
    return build_.node(NodeKind::exit, line, {status});
  }
  static constexpr std::array<std::pair<std::string_view, IncludeKind>, 4> kIncludes = {
      {{"include", IncludeKind::include},
       {"include_once", IncludeKind::include_once},
       {"require", IncludeKind::require},
       {"require_once", IncludeKind::require_once}}};
  for (const auto& [text, kind] : kIncludes) {
    if (word != text) continue;
    take();
    return build_.node(NodeKind::include, line, {expression(4)}, static_cast<std::uint8_t>(kind));
  }
  if (word == "print" || word == "throw" || word == "clone") {
    take();
    const NodeKind kind = word == "print" ? NodeKind::print : word == "throw" ? NodeKind::throw_ : NodeKind::clone;
    return build_.node(kind, line, {word == "clone" ? postfix(primary()) : expression(4)});
  }
  if (word == "eval" || word == "yield") fatal("'" + word + "' is not part of the script subset", line);
  if (const Node* magic = magic_constant(word, line)) return magic;
  if (is_keyword(word) && word != "static" && word != "readonly") unexpected();
  return name_expression();
}

const Node* Parser::magic_constant(const std::string& word, std::uint32_t line) {
  if (!word.starts_with("__")) return nullptr;
  std::string text;
  if (word == "__line__") {
    take();
    return build_.literal_int(line, line);
  }
  const std::string function = scope_.function_name;
  if (word == "__file__") {
    text = path_;
  } else if (word == "__dir__") {
    text = directory_of(path_);
  } else if (word == "__function__") {
    text = function;
  } else if (word == "__class__" && scope_.in_trait) {
    // The class that uses the trait.
    take();
    return build_.named(NodeKind::class_constant, line, "class", {class_reference("self", line)});
  } else if (word == "__class__") {
    text = scope_.class_name;
  } else if (word == "__namespace__") {
    text = namespace_;
  } else if (word == "__method__") {
    text = !scope_.class_name.empty() && !function.empty() && function != "{closure}"
               ? scope_.class_name + "::" + function
               : function;
  } else {
    return nullptr;
  }
  take();
  return build_.literal_string(line, text);
}

// A constant or the call of a named function.
const Node* Parser::name_expression() {
  const std::uint32_t line = peek().line;
  const std::string name = take().text;
  const bool call = at_operator("(");
  std::string resolved = name;
  const Node* fallback = nullptr;
  const std::size_t slash = name.find('\\');
  if (slash == 0) {
    resolved = name.substr(1);
  } else if (slash != std::string::npos) {
    resolved = resolve_class(name);
  } else {
    const auto& imports = call ? function_imports_ : constant_imports_;
    if (auto import = imports.find(call ? lower(name) : name); import != imports.end()) {
      resolved = import->second;
    } else if (!namespace_.empty()) {
      resolved = declared_name(name);
      fallback = build_.literal_string(line, name);
    }
  }
  if (!call) {
    const std::string word = lower(resolved.substr(resolved.rfind('\\') + 1));
    if (word == "true" || word == "false") return build_.literal_bool(line, word == "true");
    if (word == "null") return build_.literal_null(line);
    return build_.named(NodeKind::constant_name, line, resolved, {fallback});
  }
  std::vector<const Node*> children = {fallback};
  for (const Node* argument : arguments()) children.push_back(argument);
  Node* made = build_.node_of(NodeKind::call, line, children);
  made->text = build_.string(resolved);
  return made;
}

const Node* Parser::class_reference(std::string_view name, std::uint32_t line) {
  return build_.named(NodeKind::class_name, line, resolve_class(name));
}

const Node* Parser::array_literal(std::string_view close) {
  const std::uint32_t line = peek().line;
  std::vector<const Node*> items;
  while (!at_operator(close)) {
    if (at_operator(",")) {
      // A hole: only in a list pattern.
      take();
      items.push_back(nullptr);
      continue;
    }
    const std::uint32_t item_line = peek().line;
    if (take_operator("...")) {
      items.push_back(build_.node(NodeKind::array_item, item_line, {nullptr, expression()}, kSpread));
    } else if (take_operator("&")) {
      items.push_back(build_.node(NodeKind::array_item, item_line, {nullptr, expression()}, kByReference));
    } else {
      const Node* key = nullptr;
      const Node* value = expression();
      std::uint8_t flag = kByValue;
      if (take_operator("=>")) {
        key = value;
        if (take_operator("&")) flag = kByReference;
        value = expression();
      }
      items.push_back(build_.node(NodeKind::array_item, item_line, {key, value}, flag));
    }
    if (!take_operator(",")) break;
  }
  expect(close, close == "]" ? "\"]\"" : "\")\"");
  const bool hole = std::find(items.begin(), items.end(), nullptr) != items.end();
  if (hole && !at_operator("=") && !at_word("as") && !at_operator("]") && !at_operator(")") && !at_operator(",")) {
    fatal("Cannot use empty array elements in arrays", line);
  }
  return build_.array(line, items);
}

const Node* Parser::new_expression() {
  const std::uint32_t line = take().line;
  const auto list = attributes();
  std::vector<const Node*> children = {nullptr};
  const ClassData* anonymous = nullptr;
  if (at_word("class")) {
    take();
    if (at_operator("(")) {
      for (const Node* argument : arguments()) children.push_back(argument);
    }
    auto* klass = build_.make<ClassData>();
    std::string name = "class@anonymous";
    name += '\0';
    name += path_ + ":" + std::to_string(line) + "$" + std::to_string(anonymous_classes_++);
    klass->name = build_.string(name);
    klass->line = line;
    klass->attributes = list;
    check_attributes(list, "class", line);
    anonymous = class_rest(klass);
  } else {
    if (peek().kind == TokenKind::name) {
      if (is_keyword(peek().text) && !at_word("static")) unexpected();
      children[0] = class_reference(take().text, line);
    } else if (take_operator("(")) {
      children[0] = expression();
      expect(")");
    } else if (peek().kind == TokenKind::variable) {
      const Node* base = variable(take().text, line);
      while (at_operator("->") || at_operator("[") || at_operator("::")) {
        const std::string op = take().text;
        if (op == "[") {
          base = build_.node(NodeKind::index, line, {base, expression()});
          expect("]", "\"]\"");
        } else if (op == "->") {
          base = build_.node(NodeKind::property, line, {base, member_name()});
        } else {
          if (peek().kind != TokenKind::variable) unexpected();
          base = build_.named(NodeKind::static_property, line, take().text, {base});
        }
      }
      children[0] = base;
    } else {
      unexpected();
    }
    if (at_operator("(")) {
      for (const Node* argument : arguments()) children.push_back(argument);
    }
  }
  Node* made = build_.node_of(NodeKind::new_, line, children);
  made->klass = anonymous;
  return made;
}

const Node* Parser::isset_expression() {
  const std::uint32_t line = take().line;
  expect("(", "\"(\"");
  std::vector<const Node*> list;
  while (!at_operator(")")) {
    const Node* item = expression();
    if (item->kind != NodeKind::variable && item->kind != NodeKind::variable_variable &&
        item->kind != NodeKind::index && item->kind != NodeKind::property && item->kind != NodeKind::static_property) {
      fatal("Cannot use isset() on the result of an expression (you can use \"null !== expression\" instead)", line);
    }
    list.push_back(item);
    if (!take_operator(",")) break;
  }
  if (list.empty()) unexpected();
  expect(")", "\",\" or \")\"");
  return build_.node_of(NodeKind::isset, line, list);
}

const Node* Parser::match_expression() {
  const std::uint32_t line = take().line;
  expect("(", "\"(\"");
  std::vector<const Node*> children = {expression()};
  expect(")");
  expect("{", "\"{\"");
  while (!at_operator("}")) {
    const std::uint32_t arm_line = peek().line;
    std::vector<const Node*> parts = {nullptr};
    if (at_word("default") && (at_operator("=>", 1) || at_operator(",", 1))) {
      take();
      take_operator(",");
    } else {
      do {
        if (at_operator("=>")) break;
        parts.push_back(expression());
      } while (take_operator(","));
    }
    expect("=>");
    parts[0] = expression();
    children.push_back(build_.node_of(NodeKind::match_arm, arm_line, parts));
    if (!take_operator(",")) break;
  }
  expect("}");
  return build_.node_of(NodeKind::match, line, children);
}

const Node* Parser::member_name() {
  const std::uint32_t line = peek().line;
  if (peek().kind == TokenKind::name) return build_.literal_string(line, take().text);
  if (peek().kind == TokenKind::variable) return variable(take().text, line);
  if (take_operator("{")) {
    const Node* name = expression();
    expect("}");
    return name;
  }
  unexpected("identifier or variable or \"{\" or \"$\"");
}

}  // namespace assay::reference::php
