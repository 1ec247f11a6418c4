#include <array>

#include "reference/php/compiler/parser.h"
#include "reference/php/compiler/static_attributes.h"
#include "reference/php/compiler/text.h"

namespace assay::reference::php {

const Node* Parser::function_statement(bool top_level, List<AttributeData> attributes) {
  const std::uint32_t line = take().line;
  std::uint32_t flags = take_operator("&") ? kReturnsReference : 0u;
  check_attributes(attributes, "function", line);
  const std::string name = declared_name(expect_identifier("\"(\""));
  if (top_level) {
    auto [earlier, added] = declared_functions_.emplace(lower(name), line);
    if (!added) {
      fatal("Cannot redeclare " + name + "() (previously declared in " + path_ + ":" + std::to_string(earlier->second) +
                ")",
            line);
    }
    flags |= kHoisted;
  }
  const FunctionData* function = function_rest(name, flags, line, false, attributes);
  if (top_level) functions_.push_back(function);
  Node* made = build_.node(NodeKind::function, line);
  made->function = function;
  return made;
}

const FunctionData* Parser::function_rest(std::string_view name, std::uint32_t flags, std::uint32_t line,
                                          bool may_be_abstract, List<AttributeData> attributes) {
  Scope outer = std::move(scope_);
  scope_ = Scope{};
  scope_.class_name = outer.class_name;
  scope_.in_trait = outer.in_trait;
  scope_.function_name = name;
  scope_.in_function = true;
  auto* function = build_.make<FunctionData>();
  function->name = build_.string(name);
  function->flags = flags;
  function->line = line;
  function->file = build_.string(path_);
  function->attributes = attributes;
  expect("(", "\"(\"");
  function->parameters = build_.list(parameters());
  std::vector<ClosureUse> uses;
  if (take_word("use")) {
    expect("(", "\"(\"");
    while (!at_operator(")")) {
      const bool by_reference = take_operator("&");
      if (peek().kind != TokenKind::variable) unexpected();
      uses.push_back({build_.string(take().text), by_reference});
      if (!take_operator(",")) break;
    }
    expect(")", "\",\" or \")\"");
  }
  function->uses = build_.list(uses);
  if (take_operator(":")) type();
  if (may_be_abstract && take_operator(";")) {
    function->body = nullptr;
  } else {
    function->body = block();
  }
  scope_ = std::move(outer);
  return function;
}

std::vector<ParameterData> Parser::parameters() {
  std::vector<ParameterData> list;
  const Token* optional = nullptr;
  std::string optional_name;
  const std::uint32_t first_line = peek().line;
  while (!at_operator(")")) {
    check_attributes(attributes(), "parameter", peek().line);
    ParameterData parameter{};
    parameter.flags = modifiers();
    if (parameter.flags != 0) parameter.flags |= kPromoted;
    bool nullable = false;
    if (at_type()) {
      const std::string written = type();
      nullable = written.starts_with('?') || equal_ignoring_case(written, "mixed") || lower(written).ends_with("null");
      parameter.type = build_.string(written);
      parameter.flags |= kTyped;
    }
    if (take_operator("&")) parameter.flags |= kReferenceParameter;
    if (take_operator("...")) parameter.flags |= kVariadic;
    if (peek().kind != TokenKind::variable) unexpected(list.empty() && parameter.flags == 0 ? "variable" : "variable");
    const std::uint32_t line = peek().line;
    const std::string name = take().text;
    for (const auto& earlier : list) {
      if (earlier.name->view() == name) fatal("Redefinition of parameter $" + name, line);
    }
    if (name == "this") fatal("Cannot use $this as parameter", line);
    parameter.name = build_.string(name);
    if (take_operator("=")) {
      parameter.initial = constant_expression();
      const bool null_default = parameter.initial->kind == NodeKind::constant_name &&
                                equal_ignoring_case(parameter.initial->text->view(), "null");
      const bool literal_null =
          parameter.initial->kind == NodeKind::literal && parameter.initial->constant->kind == ConstantKind::null;
      if ((null_default || literal_null) && parameter.type != nullptr) nullable = true;
      if (nullable && parameter.type != nullptr) parameter.flags |= kNullableType;
      if (optional == nullptr && !((null_default || literal_null) && parameter.type != nullptr)) {
        optional = &peek();
        optional_name = name;
      }
    } else if (optional != nullptr && (parameter.flags & kVariadic) == 0) {
      warn(Severity::deprecated,
           "Optional parameter $" + optional_name + " declared before required parameter $" + name +
               " is implicitly treated as a required parameter",
           first_line);
      for (auto& earlier : list) earlier.initial = nullptr;
      optional = nullptr;
    }
    if (nullable) parameter.flags |= kNullableType;
    list.push_back(parameter);
    if (!take_operator(",")) break;
  }
  expect(")", list.empty() ? "variable" : "\")\"");
  return list;
}

bool Parser::at_type() const {
  return at_operator("?") || at_operator("(") || (peek().kind == TokenKind::name);
}

// A type is read and kept as text only.
std::string Parser::type() {
  Nesting nesting(*this);
  std::string text;
  if (take_operator("?")) text += '?';
  for (;;) {
    if (take_operator("(")) {
      text += "(" + type() + ")";
      expect(")");
    } else {
      if (peek().kind != TokenKind::name) unexpected();
      text += take().text;
    }
    // An & before a variable or ... is the mark of a reference parameter.
    const bool more = at_operator("|") || (at_operator("&") && peek(1).kind != TokenKind::variable &&
                                           !at_operator("...", 1) && !at_operator("&", 1));
    if (!more) return text;
    text += take().text;
  }
}

const Node* Parser::closure(bool is_static) {
  const std::uint32_t line = take().line;
  const std::uint32_t flags = (take_operator("&") ? kReturnsReference : 0u) | (is_static ? kStatic : 0u);
  Node* made = build_.node(NodeKind::closure, line);
  made->function = function_rest("{closure}", flags, line, false, {});
  return made;
}

const Node* Parser::arrow_function() {
  Nesting nesting(*this);
  const std::uint32_t line = take().line;
  Scope outer = scope_;
  scope_.breakables.clear();
  scope_.in_function = true;
  auto* function = build_.make<FunctionData>();
  function->name = build_.string("{closure}");
  function->line = line;
  function->flags = take_operator("&") ? kReturnsReference : 0u;
  function->file = build_.string(path_);
  expect("(", "\"(\"");
  function->parameters = build_.list(parameters());
  if (take_operator(":")) type();
  expect("=>", "\"=>\"");
  const Node* value = expression();
  function->body = build_.node(NodeKind::return_, line, {value});
  scope_ = std::move(outer);
  Node* made = build_.node(NodeKind::closure, line, {}, 1);
  made->function = function;
  return made;
}

List<AttributeData> Parser::attributes() {
  std::vector<AttributeData> list;
  while (take_operator("#[")) {
    do {
      if (at_operator("]")) break;
      if (peek().kind != TokenKind::name) unexpected();
      AttributeData attribute{};
      attribute.name = build_.string(resolve_class(take().text));
      if (at_operator("(")) attribute.arguments = build_.list(arguments());
      for (const Node* argument : attribute.arguments) check_constant(argument->child(0));
      list.push_back(attribute);
    } while (take_operator(","));
    expect("]");
  }
  return build_.list(list);
}

void Parser::check_attributes(const List<AttributeData>& list, std::string_view target, std::uint32_t line) const {
  if (auto complaint = static_attribute_complaint(list, target)) fatal(std::move(*complaint), line);
}

List<const StringData*> Parser::name_list() {
  std::vector<const StringData*> names;
  do {
    if (peek().kind != TokenKind::name) unexpected();
    names.push_back(build_.string(resolve_class(take().text)));
  } while (take_operator(","));
  return build_.list(names);
}

std::uint32_t Parser::modifiers() {
  static constexpr std::array<std::pair<std::string_view, std::uint32_t>, 8> kWords = {{{"public", kPublic},
                                                                                        {"protected", kProtected},
                                                                                        {"private", kPrivate},
                                                                                        {"static", kStatic},
                                                                                        {"abstract", kAbstract},
                                                                                        {"final", kFinal},
                                                                                        {"readonly", kReadonly},
                                                                                        {"var", kPublic}}};
  constexpr std::uint32_t kAccess = kPublic | kProtected | kPrivate;
  std::uint32_t flags = 0;
  for (;;) {
    std::uint32_t found = 0;
    for (const auto& [word, flag] : kWords) {
      if (at_word(word)) found = flag;
    }
    if (found == 0) return flags;
    const std::uint32_t line = take().line;
    if ((found & kAccess) && (flags & kAccess)) fatal("Multiple access type modifiers are not allowed", line);
    if (flags & found) fatal("Multiple " + tokens_[position_ - 1].text + " modifiers are not allowed", line);
    flags |= found;
    if ((flags & kAbstract) && (flags & kFinal)) fatal("Cannot use the final modifier on an abstract class", line);
  }
}

}  // namespace assay::reference::php
