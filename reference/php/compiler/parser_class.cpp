#include <algorithm>
#include <array>

#include "reference/php/compiler/parser.h"
#include "reference/php/compiler/text.h"

namespace assay::reference::php {

const Node* Parser::class_statement(ClassKind kind, std::uint64_t flags, bool top_level,
                                    List<AttributeData> attributes) {
  const std::uint32_t line = take().line;
  const std::string written = expect_identifier();
  static constexpr std::array<std::string_view, 18> kReserved = {
      "self", "parent", "static", "int",      "float",  "bool",  "string", "true",     "false",
      "null", "void",   "never",  "iterable", "object", "mixed", "array",  "callable", "readonly"};
  if (std::find(kReserved.begin(), kReserved.end(), lower(written)) != kReserved.end()) {
    fatal("Cannot use '" + written + "' as class name as it is reserved", line);
  }
  auto* klass = build_.make<ClassData>();
  const std::string name = declared_name(written);
  klass->name = build_.string(name);
  klass->kind = kind;
  klass->flags = static_cast<std::uint32_t>(flags) | (top_level ? kHoisted : 0u);
  klass->line = line;
  klass->attributes = attributes;
  check_attributes(attributes, "class", line);
  if (kind == ClassKind::enum_ && take_operator(":")) type();
  Node* made = build_.node(NodeKind::class_, line);
  made->klass = class_rest(klass);
  if (top_level) classes_.push_back(klass);
  return made;
}

// From `extends` to the closing brace.
const ClassData* Parser::class_rest(ClassData* klass) {
  Nesting nesting(*this);
  Scope outer = std::move(scope_);
  scope_ = Scope{};
  scope_.class_name = klass->name->view();
  scope_.in_trait = klass->kind == ClassKind::trait;
  klass->file = build_.string(path_);
  if (take_word("extends")) {
    if (klass->kind == ClassKind::interface) {
      klass->interfaces = name_list();
    } else {
      if (peek().kind != TokenKind::name) unexpected();
      klass->parent = build_.string(resolve_class(take().text));
    }
  }
  if (take_word("implements")) klass->interfaces = name_list();
  expect("{", "\"{\"");
  ClassMembers members;
  while (!at_operator("}")) {
    if (peek().kind == TokenKind::end) unexpected();
    class_member(klass, members);
  }
  take();
  finish_class(klass, members);
  scope_ = std::move(outer);
  return klass;
}

void Parser::class_member(ClassData* klass, ClassMembers& members) {
  if (take_word("use")) return use_traits(klass, members);
  const auto list = attributes();
  const bool is_case = at_word("case") && klass->kind == ClassKind::enum_;
  const std::uint32_t flags = is_case ? 0 : modifiers();
  if (is_case || at_word("const")) check_attributes(list, "class constant", peek().line);
  if (is_case) return enum_case(klass, members);
  if (at_word("const")) return class_constants(klass, members, flags);
  if (at_word("function")) return class_method(klass, members, flags, list);
  const bool property = flags != 0 && (peek().kind == TokenKind::variable || at_type());
  if (property) return class_properties(klass, members, flags, list);
  unexpected(flags == 0 && peek().kind == TokenKind::name ? "\"function\" or \"const\"" : "");
}

void Parser::use_traits(ClassData*, ClassMembers& members) {
  for (const StringData* name : name_list()) members.traits.push_back(name);
  if (at_operator("{")) fatal("Trait adaptations are not part of the script subset", peek().line);
  end_statement();
}

void Parser::enum_case(ClassData* klass, ClassMembers& members) {
  const std::uint32_t line = take().line;
  if (peek().kind != TokenKind::name) unexpected("identifier");
  ClassConstantData data{};
  data.name = build_.string(take().text);
  data.flags = kPublic | kEnumCase;
  data.line = line;
  if (take_operator("=")) data.value = constant_expression();
  for (const auto& earlier : members.constants) {
    if (earlier.name->view() != data.name->view()) continue;
    fatal("Cannot redefine class constant " + std::string(klass->name->view()) + "::" + std::string(data.name->view()),
          line);
  }
  members.constants.push_back(data);
  end_statement();
}

void Parser::class_constants(ClassData* klass, ClassMembers& members, std::uint32_t flags) {
  const std::uint32_t line = take().line;
  do {
    if (peek().kind != TokenKind::name) unexpected("identifier");
    const std::string name = take().text;
    for (const auto& earlier : members.constants) {
      if (earlier.name->view() == name) {
        fatal("Cannot redefine class constant " + std::string(klass->name->view()) + "::" + name, line);
      }
    }
    ClassConstantData data{};
    data.name = build_.string(name);
    data.flags = flags;
    data.line = line;
    expect("=", "\"=\"");
    data.value = constant_expression();
    members.constants.push_back(data);
  } while (take_operator(","));
  end_statement("\",\" or \";\"");
}

void Parser::class_properties(ClassData* klass, ClassMembers& members, std::uint32_t flags,
                              List<AttributeData> attributes) {
  const std::uint32_t line = peek().line;
  check_attributes(attributes, "property", line);
  if (peek().kind != TokenKind::variable) {
    type();
    flags |= kTyped;
  }
  if (klass->kind == ClassKind::interface) fatal("Interfaces may not include properties", line);
  do {
    if (peek().kind != TokenKind::variable) unexpected("variable");
    PropertyData data{};
    const std::string name = take().text;
    for (const auto& earlier : members.properties) {
      if (earlier.name->view() == name)
        fatal("Cannot redeclare " + std::string(klass->name->view()) + "::$" + name, line);
    }
    data.name = build_.string(name);
    data.flags = flags;
    data.line = line;
    data.attributes = attributes;
    if (take_operator("=")) data.initial = constant_expression();
    members.properties.push_back(data);
  } while (take_operator(","));
  end_statement("\",\" or \";\"");
}

void Parser::class_method(ClassData* klass, ClassMembers& members, std::uint32_t flags,
                          List<AttributeData> attributes) {
  const std::uint32_t line = take().line;
  check_attributes(attributes, "method", line);
  if (take_operator("&")) flags |= kReturnsReference;
  if (peek().kind != TokenKind::name) unexpected();
  const std::string name = take().text;
  const std::string qualified = std::string(klass->name->view()) + "::" + name;
  for (const FunctionData* earlier : members.methods) {
    if (equal_ignoring_case(earlier->name->view(), name)) fatal("Cannot redeclare " + qualified + "()", line);
  }
  if (klass->kind == ClassKind::interface) {
    if (flags & (kPrivate | kProtected))
      fatal("Access type for interface method " + qualified + "() must be public", line);
    flags |= kAbstract;
  }
  const FunctionData* method = function_rest(name, flags, line, true, attributes);
  if (klass->kind == ClassKind::interface && method->body != nullptr) {
    fatal("Interface function " + qualified + "() cannot contain body", line);
  }
  if (method->body == nullptr && (flags & kAbstract) == 0) {
    fatal("Non-abstract method " + qualified + "() must contain body", line);
  }
  if (method->body != nullptr && (flags & kAbstract)) {
    fatal("Abstract function " + qualified + "() cannot contain body", line);
  }
  members.methods.push_back(method);
  if (!equal_ignoring_case(name, "__construct")) return;
  for (const ParameterData& parameter : method->parameters) {
    if ((parameter.flags & kPromoted) == 0) continue;
    PropertyData data{};
    data.name = parameter.name;
    data.flags = static_cast<std::uint32_t>(parameter.flags);
    data.line = line;
    members.properties.push_back(data);
  }
}

// What the compilation knows of bases: those that stand at top level before (SC-PER-10).
bool Parser::is_complete(const ClassData& klass) const {
  if (!completes_classes_) return false;
  const bool is_alone = klass.parent == nullptr && klass.interfaces.empty() && klass.traits.empty();
  if (is_alone || (klass.flags & kHoisted) == 0) return is_alone;
  const auto known = [this](const StringData* name) {
    return std::any_of(classes_.begin(), classes_.end(), [name](const ClassData* each) {
      return (each->flags & kComplete) != 0 && equal_ignoring_case(each->name->view(), name->view());
    });
  };
  return (klass.parent == nullptr || known(klass.parent)) &&
         std::all_of(klass.interfaces.begin(), klass.interfaces.end(), known) &&
         std::all_of(klass.traits.begin(), klass.traits.end(), known);
}

void Parser::finish_class(ClassData* klass, const ClassMembers& members) {
  klass->traits = build_.list(members.traits);
  klass->constants = build_.list(members.constants);
  klass->properties = build_.list(members.properties);
  klass->methods = build_.list(members.methods);
  if (is_complete(*klass)) klass->flags |= kComplete;
  if (klass->kind != ClassKind::class_ || (klass->flags & kAbstract)) return;
  for (const FunctionData* method : members.methods) {
    if ((method->flags & kAbstract) == 0) continue;
    fatal(
        "Class " + std::string(klass->name->view()) +
            " contains 1 abstract method and must therefore be declared abstract or implement the remaining methods (" +
            std::string(klass->name->view()) + "::" + std::string(method->name->view()) + ")",
        klass->line);
  }
}

}  // namespace assay::reference::php
