#include <array>
#include <optional>

#include "reference/php/compiler/parser.h"
#include "reference/php/compiler/text.h"

namespace assay::reference::php {

namespace {

// How tightly the binary operators bind; the levels between are those of unary operators and of assignment.
namespace binding {
enum : int {
  low_or = 1,
  low_xor,
  low_and,
  assignment,
  ternary,
  coalesce,
  logical_or,
  logical_and,
  bit_or,
  bit_xor,
  bit_and,
  equality,
  comparison,
  concat,
  shift,
  sum,
  product,
  logical_not,
  instance_of,
  unary,
  power,
};
}  // namespace binding

struct BinaryOperator {
  std::string_view text;
  int level;
  NodeKind kind;
  Operator op;
};

constexpr std::array<BinaryOperator, 30> kBinaryOperators = {{
    {"or", binding::low_or, NodeKind::or_, Operator::add},
    {"xor", binding::low_xor, NodeKind::binary, Operator::xor_},
    {"and", binding::low_and, NodeKind::and_, Operator::add},
    {"?", binding::ternary, NodeKind::ternary, Operator::add},
    {"?\?", binding::coalesce, NodeKind::coalesce, Operator::add},
    {"||", binding::logical_or, NodeKind::or_, Operator::add},
    {"&&", binding::logical_and, NodeKind::and_, Operator::add},
    {"|", binding::bit_or, NodeKind::binary, Operator::bit_or},
    {"^", binding::bit_xor, NodeKind::binary, Operator::bit_xor},
    {"&", binding::bit_and, NodeKind::binary, Operator::bit_and},
    {"==", binding::equality, NodeKind::binary, Operator::equal},
    {"!=", binding::equality, NodeKind::binary, Operator::not_equal},
    {"<>", binding::equality, NodeKind::binary, Operator::not_equal},
    {"===", binding::equality, NodeKind::binary, Operator::identical},
    {"!==", binding::equality, NodeKind::binary, Operator::not_identical},
    {"<=>", binding::equality, NodeKind::binary, Operator::spaceship},
    {"<", binding::comparison, NodeKind::binary, Operator::less},
    {"<=", binding::comparison, NodeKind::binary, Operator::less_equal},
    {">", binding::comparison, NodeKind::binary, Operator::greater},
    {">=", binding::comparison, NodeKind::binary, Operator::greater_equal},
    {".", binding::concat, NodeKind::interpolated, Operator::concat},
    {"<<", binding::shift, NodeKind::binary, Operator::shift_left},
    {">>", binding::shift, NodeKind::binary, Operator::shift_right},
    {"+", binding::sum, NodeKind::binary, Operator::add},
    {"-", binding::sum, NodeKind::binary, Operator::subtract},
    {"*", binding::product, NodeKind::binary, Operator::multiply},
    {"/", binding::product, NodeKind::binary, Operator::divide},
    {"%", binding::product, NodeKind::binary, Operator::modulo},
    {"instanceof", binding::instance_of, NodeKind:: instanceof, Operator::add},
    {"**", binding::power, NodeKind::binary, Operator::power},
}};

constexpr std::array<std::pair<std::string_view, Operator>, 12> kAssignOperators = {{{"+=", Operator::add},
                                                                                     {"-=", Operator::subtract},
                                                                                     {"*=", Operator::multiply},
                                                                                     {"/=", Operator::divide},
                                                                                     {".=", Operator::concat},
                                                                                     {"%=", Operator::modulo},
                                                                                     {"**=", Operator::power},
                                                                                     {"&=", Operator::bit_and},
                                                                                     {"|=", Operator::bit_or},
                                                                                     {"^=", Operator::bit_xor},
                                                                                     {"<<=", Operator::shift_left},
                                                                                     {">>=", Operator::shift_right}}};

const BinaryOperator* binary_operator(const Token& token) {
  if (token.kind != TokenKind::operator_ && token.kind != TokenKind::name) return nullptr;
  for (const auto& candidate : kBinaryOperators) {
    if (token.text.size() == candidate.text.size() && equal_ignoring_case(token.text, candidate.text))
      return &candidate;
  }
  return nullptr;
}

}  // namespace

const Node* Parser::expression(int least) {
  Nesting nesting(*this);
  return binary_rest(unary(), least);
}

const Node* Parser::binary_rest(const Node* left, int least) {
  for (;;) {
    const BinaryOperator* found = binary_operator(peek());
    if (found == nullptr || found->level < least) return left;
    const std::uint32_t line = left->line;
    if (found->kind == NodeKind::interpolated) {
      left = concatenation(left);
      continue;
    }
    take();
    const auto op = static_cast<std::uint8_t>(found->op);
    if (found->kind == NodeKind::ternary) {
      left = ternary(left, line);
      continue;
    }
    if (found->kind == NodeKind:: instanceof) {
      const Token& token = peek();
      const Node* klass = token.kind == TokenKind::name ? class_reference(take().text, line) : postfix(primary());
      left = build_.node(found->kind, line, {left, klass});
      continue;
    }
    // ?? and ** group to the right.
    const bool right_first = found->level == binding::coalesce || found->level == binding::power;
    const Node* right = expression(right_first ? found->level : found->level + 1);
    left = build_.node(found->kind, line, {left, right}, op);
    if (found->level == binding::equality || found->level == binding::comparison) {
      const BinaryOperator* again = binary_operator(peek());
      if (again != nullptr && again->level == found->level) unexpected();
    }
  }
}

// `a . b . c` as one node, so that long chains do not nest.
const Node* Parser::concatenation(const Node* left) {
  std::vector<const Node*> parts = {left};
  while (take_operator(".")) parts.push_back(expression(binding::concat + 1));
  return build_.node_of(NodeKind::interpolated, left->line, parts);
}

const Node* Parser::ternary(const Node* condition, std::uint32_t line) {
  const bool brief = take_operator(":");
  const Node* then = nullptr;
  if (!brief) {
    then = expression(binding::assignment);
    expect(":");
  }
  const Node* otherwise = expression(binding::ternary + 1);
  const Node* made = build_.node(NodeKind::ternary, line, {condition, then, otherwise});
  if (at_operator("?") && !(brief && at_operator(":", 1))) {
    fatal(
        "Unparenthesized `a ? b : c ? d : e` is not supported. Use either `(a ? b : c) ? d : e` or `a ? b : (c ? d : "
        "e)`",
        line);
  }
  return made;
}

const Node* Parser::unary() {
  Nesting nesting(*this);
  const Token& token = peek();
  const std::uint32_t line = token.line;
  if (token.kind == TokenKind::operator_) {
    auto operand = [&](int level) {
      take();
      return expression(level);
    };
    auto one = [&](Operator op, int level) {
      return build_.node(NodeKind::unary, line, {operand(level)}, static_cast<std::uint8_t>(op));
    };
    if (token.text == "!") return one(Operator::not_, binding::logical_not);
    if (token.text == "~") return one(Operator::bit_not, binding::unary);
    if (token.text == "+") return one(Operator::plus, binding::unary);
    if (token.text == "-") {
      const Node* made = one(Operator::minus, binding::unary);
      const Node* inner = made->child(0);
      if (inner->kind != NodeKind::literal) return made;
      if (inner->constant->kind == ConstantKind::real) return build_.literal_float(line, -inner->constant->real);
      if (inner->constant->kind == ConstantKind::integer && inner->constant->integer != 0) {
        return build_.literal_int(line, -inner->constant->integer);
      }
      return made;
    }
    if (token.text == "@") return build_.node(NodeKind::silence, line, {operand(binding::unary)});
    if (token.text == "&") unexpected();
    if (token.text == "++" || token.text == "--") {
      const std::uint8_t flags = token.text == "--" ? kDecrement : 0;
      take();
      const Node* target = postfix(primary());
      check_writable(target);
      return build_.node(NodeKind::increment, line, {target}, flags);
    }
    if (token.text.size() > 4 && token.text[0] == '(') {
      const std::string type = token.text.substr(1, token.text.size() - 2);
      CastKind kind = CastKind::integer;
      if (type == "float" || type == "double" || type == "real") kind = CastKind::real;
      if (type == "string" || type == "binary") kind = CastKind::string;
      if (type == "bool" || type == "boolean") kind = CastKind::boolean;
      if (type == "array") kind = CastKind::array;
      if (type == "object") kind = CastKind::object;
      if (type == "unset") fatal("The (unset) cast is no longer supported", line);
      if (type == "real") unexpected();
      return build_.node(NodeKind::cast, line, {operand(binding::unary)}, static_cast<std::uint8_t>(kind));
    }
  }
  if (token.kind == TokenKind::name && !at_operator("(", 1)) {
    // Words that take all that follows.
    if (take_word("print")) return build_.node(NodeKind::print, line, {expression(binding::assignment)});
    if (take_word("throw")) return build_.node(NodeKind::throw_, line, {expression()});
    if (take_word("clone")) return build_.node(NodeKind::clone, line, {expression(binding::power + 1)});
  }
  const Node* operand = postfix(primary());
  return assignment(operand);
}

const Node* Parser::assignment(const Node* target) {
  const std::uint32_t line = target->line;
  if (at_operator("++") || at_operator("--")) {
    check_writable(target);
    const std::uint8_t flags = take().text == "--" ? kDecrement | kPostfix : kPostfix;
    return build_.node(NodeKind::increment, line, {target}, flags);
  }
  if (at_operator("=")) {
    if (target->kind == NodeKind::literal && target->constant->kind == ConstantKind::array) {
      fatal(target->constant->array->elements.empty() ? "Cannot use empty list"
                                                      : "Assignments can only happen to writable values",
            line);
    }
    const bool list = target->kind == NodeKind::array_literal;
    if (!list) check_writable(target);
    take();
    if (!list && at_operator("&")) {
      take();
      const Node* source = expression(binding::assignment);
      return build_.node(NodeKind::assign_reference, line, {target, source});
    }
    const Node* value = expression(binding::assignment);
    return build_.node(list ? NodeKind::list_assign : NodeKind::assign, line, {target, value});
  }
  if (at_operator("?\?=")) {
    check_writable(target);
    take();
    return build_.node(NodeKind::assign_coalesce, line, {target, expression(binding::assignment)});
  }
  for (const auto& [text, op] : kAssignOperators) {
    if (!at_operator(text)) continue;
    check_writable(target);
    take();
    return build_.node(NodeKind::assign_operator, line, {target, expression(binding::assignment)},
                       static_cast<std::uint8_t>(op));
  }
  return target;
}

void Parser::check_writable(const Node* target) const {
  switch (target->kind) {
    case NodeKind::variable:
      if (target->text->view() == "this") fatal("Cannot re-assign $this", target->line);
      return;
    case NodeKind::variable_variable:
    case NodeKind::index:
    case NodeKind::static_property:
      return;
    case NodeKind::property:
      if (target->op == 1) fatal("Can't use nullsafe operator in write context", target->line);
      return;
    case NodeKind::call:
    case NodeKind::call_value:
      fatal("Can't use function return value in write context", target->line);
    case NodeKind::method_call:
    case NodeKind::static_call:
      fatal("Can't use method return value in write context", target->line);
    default:
      unexpected();
  }
}

const Node* Parser::postfix(const Node* base) {
  for (;;) {
    const std::uint32_t line = peek().line;
    if (take_operator("[")) {
      const Node* key = at_operator("]") ? nullptr : expression();
      expect("]", "\"]\"");
      base = build_.node(NodeKind::index, line, {base, key});
    } else if (at_operator("->") || at_operator("?->")) {
      const std::uint8_t nullsafe = take().text == "?->" ? 1 : 0;
      const Node* name = member_name();
      if (at_operator("(")) {
        std::vector<const Node*> children = {base, name};
        for (const Node* argument : arguments()) children.push_back(argument);
        base = build_.node_of(NodeKind::method_call, line, children, nullsafe);
      } else {
        base = build_.node(NodeKind::property, line, {base, name}, nullsafe);
      }
    } else if (take_operator("::")) {
      if (peek().kind == TokenKind::variable) {
        const std::string name = take().text;
        base = build_.named(NodeKind::static_property, line, name, {base});
        continue;
      }
      if (peek().kind != TokenKind::name) unexpected("identifier or variable or \"{\" or \"$\"");
      const std::string name = take().text;
      if (!at_operator("(")) {
        base = build_.named(NodeKind::class_constant, line, name, {base});
        continue;
      }
      std::vector<const Node*> children = {base, build_.literal_string(line, name)};
      for (const Node* argument : arguments()) children.push_back(argument);
      base = build_.node_of(NodeKind::static_call, line, children);
    } else if (at_operator("(")) {
      std::vector<const Node*> children = {base};
      for (const Node* argument : arguments()) children.push_back(argument);
      base = build_.node_of(NodeKind::call_value, line, children);
    } else {
      return base;
    }
  }
}

std::vector<const Node*> Parser::arguments() {
  std::vector<const Node*> list;
  expect("(", "\"(\"");
  while (!at_operator(")")) {
    const std::uint32_t line = peek().line;
    std::string name;
    if (peek().kind == TokenKind::name && at_operator(":", 1) && !at_operator("::", 1)) {
      name = take().text;
      take();
    }
    const bool spread = take_operator("...");
    if (spread && at_operator(")")) fatal("First-class callables are not part of the script subset", line);
    Node* argument = build_.node(NodeKind::argument, line, {expression()}, spread ? kSpread : kByValue);
    if (!name.empty()) argument->text = build_.string(name);
    list.push_back(argument);
    if (!take_operator(",")) break;
  }
  expect(")", peek().kind == TokenKind::operator_ ? "\")\"" : "");
  return list;
}

const Node* Parser::constant_expression() {
  const Node* made = expression();
  check_constant(made);
  return made;
}

void Parser::check_constant(const Node* node, int depth) const {
  if (node == nullptr || depth > 4000) return;
  switch (node->kind) {
    case NodeKind::literal:
    case NodeKind::interpolated:
    case NodeKind::array_literal:
    case NodeKind::array_item:
    case NodeKind::index:
    case NodeKind::class_constant:
    case NodeKind::class_name:
    case NodeKind::constant_name:
    case NodeKind::unary:
    case NodeKind::binary:
    case NodeKind::and_:
    case NodeKind::or_:
    case NodeKind::coalesce:
    case NodeKind::ternary:
    case NodeKind::new_:
    case NodeKind::argument:
      break;
    default:
      fatal("Constant expression contains invalid operations", node->line);
  }
  for (const Node* child : node->children) check_constant(child, depth + 1);
}

}  // namespace assay::reference::php
