#include <array>
#include <optional>

#include "reference/php/compiler/parser.h"
#include "reference/php/compiler/text.h"

namespace assay::reference::php {

namespace {

// How tightly the binary operators bind; the levels between are those of unary operators and of assignment.
enum Binding {
  kLowOr = 1,
  kLowXor,
  kLowAnd,
  kAssignment,
  kTernaryLevel,
  kCoalesceLevel,
  kOrLevel,
  kAndLevel,
  kBitOrLevel,
  kBitXorLevel,
  kBitAndLevel,
  kEquality,
  kComparison,
  kConcatLevel,
  kShift,
  kSum,
  kProduct,
  kNotLevel,
  kInstanceofLevel,
  kUnaryLevel,
  kPowerLevel,
};

struct BinaryOperator {
  std::string_view text;
  int level;
  NodeKind kind;
  Operator op;
};

constexpr std::array<BinaryOperator, 30> kBinaryOperators = {{
    {"or", kLowOr, NodeKind::kOr, Operator::kAdd},
    {"xor", kLowXor, NodeKind::kBinary, Operator::kXor},
    {"and", kLowAnd, NodeKind::kAnd, Operator::kAdd},
    {"?", kTernaryLevel, NodeKind::kTernary, Operator::kAdd},
    {"?\?", kCoalesceLevel, NodeKind::kCoalesce, Operator::kAdd},
    {"||", kOrLevel, NodeKind::kOr, Operator::kAdd},
    {"&&", kAndLevel, NodeKind::kAnd, Operator::kAdd},
    {"|", kBitOrLevel, NodeKind::kBinary, Operator::kBitOr},
    {"^", kBitXorLevel, NodeKind::kBinary, Operator::kBitXor},
    {"&", kBitAndLevel, NodeKind::kBinary, Operator::kBitAnd},
    {"==", kEquality, NodeKind::kBinary, Operator::kEqual},
    {"!=", kEquality, NodeKind::kBinary, Operator::kNotEqual},
    {"<>", kEquality, NodeKind::kBinary, Operator::kNotEqual},
    {"===", kEquality, NodeKind::kBinary, Operator::kIdentical},
    {"!==", kEquality, NodeKind::kBinary, Operator::kNotIdentical},
    {"<=>", kEquality, NodeKind::kBinary, Operator::kSpaceship},
    {"<", kComparison, NodeKind::kBinary, Operator::kLess},
    {"<=", kComparison, NodeKind::kBinary, Operator::kLessEqual},
    {">", kComparison, NodeKind::kBinary, Operator::kGreater},
    {">=", kComparison, NodeKind::kBinary, Operator::kGreaterEqual},
    {".", kConcatLevel, NodeKind::kInterpolated, Operator::kConcat},
    {"<<", kShift, NodeKind::kBinary, Operator::kShiftLeft},
    {">>", kShift, NodeKind::kBinary, Operator::kShiftRight},
    {"+", kSum, NodeKind::kBinary, Operator::kAdd},
    {"-", kSum, NodeKind::kBinary, Operator::kSubtract},
    {"*", kProduct, NodeKind::kBinary, Operator::kMultiply},
    {"/", kProduct, NodeKind::kBinary, Operator::kDivide},
    {"%", kProduct, NodeKind::kBinary, Operator::kModulo},
    {"instanceof", kInstanceofLevel, NodeKind::kInstanceof, Operator::kAdd},
    {"**", kPowerLevel, NodeKind::kBinary, Operator::kPower},
}};

constexpr std::array<std::pair<std::string_view, Operator>, 12> kAssignOperators = {{{"+=", Operator::kAdd},
                                                                                     {"-=", Operator::kSubtract},
                                                                                     {"*=", Operator::kMultiply},
                                                                                     {"/=", Operator::kDivide},
                                                                                     {".=", Operator::kConcat},
                                                                                     {"%=", Operator::kModulo},
                                                                                     {"**=", Operator::kPower},
                                                                                     {"&=", Operator::kBitAnd},
                                                                                     {"|=", Operator::kBitOr},
                                                                                     {"^=", Operator::kBitXor},
                                                                                     {"<<=", Operator::kShiftLeft},
                                                                                     {">>=", Operator::kShiftRight}}};

const BinaryOperator* binary_operator(const Token& token) {
  if (token.kind != TokenKind::kOperator && token.kind != TokenKind::kName) return nullptr;
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
    if (found->kind == NodeKind::kInterpolated) {
      left = concatenation(left);
      continue;
    }
    take();
    const auto op = static_cast<std::uint8_t>(found->op);
    if (found->kind == NodeKind::kTernary) {
      left = ternary(left, line);
      continue;
    }
    if (found->kind == NodeKind::kInstanceof) {
      const Token& token = peek();
      const Node* klass = token.kind == TokenKind::kName ? class_reference(take().text, line) : postfix(primary());
      left = build_.node(found->kind, line, {left, klass});
      continue;
    }
    // ?? and ** group to the right.
    const bool right_first = found->level == kCoalesceLevel || found->level == kPowerLevel;
    const Node* right = expression(right_first ? found->level : found->level + 1);
    left = build_.node(found->kind, line, {left, right}, op);
    if (found->level == kEquality || found->level == kComparison) {
      const BinaryOperator* again = binary_operator(peek());
      if (again != nullptr && again->level == found->level) unexpected();
    }
  }
}

// `a . b . c` as one node, so that long chains do not nest.
const Node* Parser::concatenation(const Node* left) {
  std::vector<const Node*> parts = {left};
  while (take_operator(".")) parts.push_back(expression(kConcatLevel + 1));
  return build_.node_of(NodeKind::kInterpolated, left->line, parts);
}

const Node* Parser::ternary(const Node* condition, std::uint32_t line) {
  const bool brief = take_operator(":");
  const Node* then = nullptr;
  if (!brief) {
    then = expression(kAssignment);
    expect(":");
  }
  const Node* otherwise = expression(kTernaryLevel + 1);
  const Node* made = build_.node(NodeKind::kTernary, line, {condition, then, otherwise});
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
  if (token.kind == TokenKind::kOperator) {
    auto operand = [&](int level) {
      take();
      return expression(level);
    };
    auto one = [&](Operator op, int level) {
      return build_.node(NodeKind::kUnary, line, {operand(level)}, static_cast<std::uint8_t>(op));
    };
    if (token.text == "!") return one(Operator::kNot, kNotLevel);
    if (token.text == "~") return one(Operator::kBitNot, kUnaryLevel);
    if (token.text == "+") return one(Operator::kPlus, kUnaryLevel);
    if (token.text == "-") {
      const Node* made = one(Operator::kMinus, kUnaryLevel);
      const Node* inner = made->child(0);
      if (inner->kind != NodeKind::kLiteral) return made;
      if (inner->constant->kind == ConstantKind::kFloat) return build_.literal_float(line, -inner->constant->real);
      if (inner->constant->kind == ConstantKind::kInt && inner->constant->integer != 0) {
        return build_.literal_int(line, -inner->constant->integer);
      }
      return made;
    }
    if (token.text == "@") return build_.node(NodeKind::kSilence, line, {operand(kUnaryLevel)});
    if (token.text == "&") unexpected();
    if (token.text == "++" || token.text == "--") {
      const std::uint8_t flags = token.text == "--" ? kDecrement : 0;
      take();
      const Node* target = postfix(primary());
      check_writable(target);
      return build_.node(NodeKind::kIncrement, line, {target}, flags);
    }
    if (token.text.size() > 4 && token.text[0] == '(') {
      const std::string type = token.text.substr(1, token.text.size() - 2);
      CastKind kind = CastKind::kInt;
      if (type == "float" || type == "double" || type == "real") kind = CastKind::kFloat;
      if (type == "string" || type == "binary") kind = CastKind::kString;
      if (type == "bool" || type == "boolean") kind = CastKind::kBool;
      if (type == "array") kind = CastKind::kArray;
      if (type == "object") kind = CastKind::kObject;
      if (type == "unset") fatal("The (unset) cast is no longer supported", line);
      if (type == "real") unexpected();
      return build_.node(NodeKind::kCast, line, {operand(kUnaryLevel)}, static_cast<std::uint8_t>(kind));
    }
  }
  if (token.kind == TokenKind::kName && !at_operator("(", 1)) {
    // Words that take all that follows.
    if (take_word("print")) return build_.node(NodeKind::kPrint, line, {expression(kAssignment)});
    if (take_word("throw")) return build_.node(NodeKind::kThrow, line, {expression()});
    if (take_word("clone")) return build_.node(NodeKind::kClone, line, {expression(kPowerLevel + 1)});
  }
  const Node* operand = postfix(primary());
  return assignment(operand);
}

const Node* Parser::assignment(const Node* target) {
  const std::uint32_t line = target->line;
  if (at_operator("++") || at_operator("--")) {
    check_writable(target);
    const std::uint8_t flags = take().text == "--" ? kDecrement | kPostfix : kPostfix;
    return build_.node(NodeKind::kIncrement, line, {target}, flags);
  }
  if (at_operator("=")) {
    if (target->kind == NodeKind::kLiteral && target->constant->kind == ConstantKind::kArray) {
      fatal(target->constant->array->elements.empty() ? "Cannot use empty list"
                                                      : "Assignments can only happen to writable values",
            line);
    }
    const bool list = target->kind == NodeKind::kArrayLiteral;
    if (!list) check_writable(target);
    take();
    if (!list && at_operator("&")) {
      take();
      const Node* source = expression(kAssignment);
      return build_.node(NodeKind::kAssignReference, line, {target, source});
    }
    const Node* value = expression(kAssignment);
    return build_.node(list ? NodeKind::kListAssign : NodeKind::kAssign, line, {target, value});
  }
  if (at_operator("?\?=")) {
    check_writable(target);
    take();
    return build_.node(NodeKind::kAssignCoalesce, line, {target, expression(kAssignment)});
  }
  for (const auto& [text, op] : kAssignOperators) {
    if (!at_operator(text)) continue;
    check_writable(target);
    take();
    return build_.node(NodeKind::kAssignOperator, line, {target, expression(kAssignment)},
                       static_cast<std::uint8_t>(op));
  }
  return target;
}

void Parser::check_writable(const Node* target) const {
  switch (target->kind) {
    case NodeKind::kVariable:
      if (target->text->view() == "this") fatal("Cannot re-assign $this", target->line);
      return;
    case NodeKind::kVariableVariable:
    case NodeKind::kIndex:
    case NodeKind::kStaticProperty:
      return;
    case NodeKind::kProperty:
      if (target->op == 1) fatal("Can't use nullsafe operator in write context", target->line);
      return;
    case NodeKind::kCall:
    case NodeKind::kCallValue:
      fatal("Can't use function return value in write context", target->line);
    case NodeKind::kMethodCall:
    case NodeKind::kStaticCall:
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
      base = build_.node(NodeKind::kIndex, line, {base, key});
    } else if (at_operator("->") || at_operator("?->")) {
      const std::uint8_t nullsafe = take().text == "?->" ? 1 : 0;
      const Node* name = member_name();
      if (at_operator("(")) {
        std::vector<const Node*> children = {base, name};
        for (const Node* argument : arguments()) children.push_back(argument);
        base = build_.node_of(NodeKind::kMethodCall, line, children, nullsafe);
      } else {
        base = build_.node(NodeKind::kProperty, line, {base, name}, nullsafe);
      }
    } else if (take_operator("::")) {
      if (peek().kind == TokenKind::kVariable) {
        const std::string name = take().text;
        base = build_.named(NodeKind::kStaticProperty, line, name, {base});
        continue;
      }
      if (peek().kind != TokenKind::kName) unexpected("identifier or variable or \"{\" or \"$\"");
      const std::string name = take().text;
      if (!at_operator("(")) {
        base = build_.named(NodeKind::kClassConstant, line, name, {base});
        continue;
      }
      std::vector<const Node*> children = {base, build_.literal_string(line, name)};
      for (const Node* argument : arguments()) children.push_back(argument);
      base = build_.node_of(NodeKind::kStaticCall, line, children);
    } else if (at_operator("(")) {
      std::vector<const Node*> children = {base};
      for (const Node* argument : arguments()) children.push_back(argument);
      base = build_.node_of(NodeKind::kCallValue, line, children);
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
    if (peek().kind == TokenKind::kName && at_operator(":", 1) && !at_operator("::", 1)) {
      name = take().text;
      take();
    }
    const bool spread = take_operator("...");
    if (spread && at_operator(")")) fatal("First-class callables are not part of the script subset", line);
    Node* argument = build_.node(NodeKind::kArgument, line, {expression()}, spread ? kSpread : kByValue);
    if (!name.empty()) argument->text = build_.string(name);
    list.push_back(argument);
    if (!take_operator(",")) break;
  }
  expect(")", peek().kind == TokenKind::kOperator ? "\")\"" : "");
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
    case NodeKind::kLiteral:
    case NodeKind::kInterpolated:
    case NodeKind::kArrayLiteral:
    case NodeKind::kArrayItem:
    case NodeKind::kIndex:
    case NodeKind::kClassConstant:
    case NodeKind::kClassName:
    case NodeKind::kConstantName:
    case NodeKind::kUnary:
    case NodeKind::kBinary:
    case NodeKind::kAnd:
    case NodeKind::kOr:
    case NodeKind::kCoalesce:
    case NodeKind::kTernary:
    case NodeKind::kNew:
    case NodeKind::kArgument:
      break;
    default:
      fatal("Constant expression contains invalid operations", node->line);
  }
  for (const Node* child : node->children) check_constant(child, depth + 1);
}

}  // namespace assay::reference::php
